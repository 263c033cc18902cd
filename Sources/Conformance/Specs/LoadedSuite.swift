// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Specs

/// Why a protocol's suite cannot be used.
enum SuiteFailure: Error {
    /// No such protocol, no specs folder.
    case usage(UsageError)
    /// All that is wrong in its files.
    case problems([SpecProblem])
}

/// A protocol's suite in which nothing is wrong.
struct LoadedSuite {
    let name: String
    let suite: Suite
    /// Where the protocols' folders are, as it was found.
    let specs: SpecsFolder

    /// Reads the suite that the command line names and checks it whole.
    ///
    /// `name` is the protocol's where the command line does not say it.
    static func load(
        _ parsed: ParsedCommand, name: String? = nil
    ) throws(SuiteFailure) -> LoadedSuite {
        let name = name ?? parsed.value("protocol") ?? ""
        guard let specs = SpecsFolder.find(given: parsed.value("specs")) else {
            throw .usage(parsed.usageError(noFolder(parsed.value("specs"))))
        }
        guard specs.protocols.contains(where: { $0 == name }) else {
            throw .usage(parsed.usageError(unknown(name, in: specs)))
        }
        let log = ProblemLog()
        let suite = specs.folder(of: name).suite(log: log)
        if let suite { Planner.check(suite, log: log) }
        guard let suite, log.isEmpty else { throw .problems(log.problems) }
        return LoadedSuite(name: name, suite: suite, specs: specs)
    }

    private static func noFolder(_ given: String?) -> String {
        guard let given else {
            return "there is no folder specs/ with protocols in it, neither here nor above, nor "
                + "beside the program; name it with --specs DIR"
        }
        return "--specs: \(ByteEscaping.quoted(given.utf8)) is no directory"
    }

    private static func unknown(_ name: String, in specs: SpecsFolder) -> String {
        let shown = ByteEscaping.quoted(name.utf8)
        let names = specs.protocols
        if let near = Suggestion.nearest(to: name, in: names) {
            return "there is no protocol \(shown) in \(specs.path); did you mean \(near)?"
        }
        return "there is no protocol \(shown) in \(specs.path); possible are "
            + (names.isEmpty ? "none" : names.joined(separator: ", "))
    }
}

extension Console {
    /// Tells what is wrong with the files, and what the program ends with.
    func report(_ failure: SuiteFailure) throws(UsageError) -> ProgramStatus {
        switch failure {
        case .usage(let error): throw error
        case .problems(let problems):
            complain(problems.map { "\($0)\n" }.joined())
            return .wrongSpecs
        }
    }
}
