// SPDX-License-Identifier: Apache-2.0

import Bytes
package import JSONText

/// One file of `specs/`, as it was read.
package struct SpecFile: Equatable, Sendable {
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// What is in it; `nil` after noting why it is no JSON.
    package func node(log: ProblemLog) -> JSONNode? {
        do {
            return try JSONReader.parse(whole: bytes, duplicateKeys: .refuse)
        } catch {
            let place = SourcePosition(
                file: path, line: error.position.line, column: error.position.column)
            log.note(error.message, at: place)
            return nil
        }
    }
}

/// Everything that `specs/<protocol>/` says.
package struct Suite: Equatable, Sendable {
    package var document: ProtocolDocument
    package var requirements: Requirements
    package var topics: [Topic]
    /// Sixteen hexadecimal digits that change with any byte of the files.
    package var hash: String
    /// Paths of files that cannot be judged, as something that they lean on could not be read.
    package var misread: Set<String> = []

    package var scenarios: [Scenario] { topics.flatMap(\.scenarios) }

    /// Notes each requirement that has neither a scenario nor a reason for having none.
    package func noteBareRequirements(_ log: ProblemLog) {
        let covered = Set(scenarios.flatMap(\.requirements))
        for requirement in requirements.all
        where requirement.excluded == nil && !covered.contains(requirement.id) {
            log.note(
                "requirement '\(requirement.id)' has no scenario", at: requirement.position,
                advice: "write one, or say in 'excluded' why there is none")
        }
    }
}

extension Requirements {
    /// The topics as the requirements of their first scenarios stand: what the others build on
    /// comes first, and so does what is wrong with it.
    fileprivate func inOrder(_ topics: [Topic]) -> [Topic] {
        func place(_ topic: Topic) -> Int {
            let first = topic.scenarios.first?.requirements.first
            return all.firstIndex { $0.id == first } ?? all.count
        }
        let places = topics.enumerated().map { (place($0.element), $0.offset, $0.element) }
        return places.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }
}

/// The files of one protocol's folder.
package struct SuiteFiles: Sendable {
    package var document: SpecFile
    package var requirements: SpecFile
    package var scenarios: [SpecFile]

    package init(document: SpecFile, requirements: SpecFile, scenarios: [SpecFile]) {
        self.document = document
        self.requirements = requirements
        self.scenarios = scenarios
    }

    /// Reads all files and notes every problem; `nil` where nothing can be made of them.
    package func suite(log: ProblemLog) -> Suite? {
        let documentNode = document.node(log: log)
        let requirementsNode = requirements.node(log: log)
        let topics = scenarios.compactMap { file in
            file.node(log: log).map { ScenarioReader.topic(reading: $0, file: file.path, log: log) }
        }
        let protocolDocument = documentNode.flatMap {
            ProtocolReader.document(reading: $0, file: document.path, log: log)
        }
        let requirements = requirementsNode.map {
            Requirements(reading: $0, file: self.requirements.path, log: log)
        }
        guard let protocolDocument, let requirements else { return nil }
        let suite = Suite(
            document: protocolDocument,
            requirements: requirements,
            topics: requirements.inOrder(topics), hash: hash, misread: misread(log))
        // Names that the scenarios use are not wrong because what declares them could not be read.
        if suite.misread.isDisjoint(with: [document.path, self.requirements.path]) {
            SuiteCheck(suite: suite, log: log).run()
        }
        return suite
    }

    /// Scenarios lean on the protocol's procedures: where these are misread, all of them are.
    ///
    /// A scenario file of which something could not be read is planned all the same, so that all
    /// its errors are told at once.
    private func misread(_ log: ProblemLog) -> Set<String> {
        let files = Set(log.problems.map(\.position.file))
            .intersection([document.path, requirements.path])
        return files.contains(document.path) ? files.union(scenarios.map(\.path)) : files
    }

    private var hash: String {
        var fingerprint = Fingerprint()
        for file in [document, requirements] + scenarios { fingerprint.add(file.bytes) }
        return fingerprint.digits
    }
}
