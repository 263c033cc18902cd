// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// One sentence of a protocol that must hold (`requirements.json`).
package struct Requirement: Equatable, Sendable {
    package var id: String
    package var level: Level
    package var sentence: String
    /// Why no scenario tests it, where none does.
    package var excluded: String?
    package var position: SourcePosition
}

/// All requirements of a protocol, in the order of its page.
package struct Requirements: Equatable, Sendable {
    package private(set) var all: [Requirement] = []
    private var indexByID: [String: Int] = [:]

    package init() {}

    package subscript(id: String) -> Requirement? {
        indexByID[id].map { all[$0] }
    }

    /// The level of one of them; nothing else of it is copied.
    package func level(of id: String) -> Level? {
        indexByID[id].map { all[$0].level }
    }

    package var ids: [String] { all.map(\.id) }

    package init(reading node: JSONNode, file: String, log: ProblemLog) {
        let reader = NodeReader(node, file: file, log: log)
        reader.refuseKeys(
            otherThan: ["$schema", "protocol", "requirements"], in: "a requirements file")
        for entry in reader.required("requirements", in: "a requirements file")?.elements ?? [] {
            guard let requirement = Self.requirement(entry) else { continue }
            if indexByID[requirement.id] != nil {
                entry.note("requirement '\(requirement.id)' is there twice")
                continue
            }
            indexByID[requirement.id] = all.count
            all.append(requirement)
        }
    }

    private static func requirement(_ reader: NodeReader) -> Requirement? {
        let what = "a requirement"
        reader.refuseKeys(otherThan: ["id", "level", "sentence", "excluded"], in: what)
        guard let id = reader.required("id", in: what)?.string,
            let level = reader.required("level", in: what)?.oneOf(Level.self),
            let sentence = reader.required("sentence", in: what)?.string
        else { return nil }
        return Requirement(
            id: id, level: level, sentence: sentence, excluded: reader["excluded"]?.string,
            position: reader.position)
    }
}
