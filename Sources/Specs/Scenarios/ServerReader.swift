// SPDX-License-Identifier: Apache-2.0

/// Reads which servers a scenario has, and what is written for them before they start.
///
/// `files` is about the server that every scenario has, `servers` names further ones.
enum ServerReader {
    static func servers(of scenario: NodeReader) -> [ServerTemplate] {
        let first = ServerTemplate(
            files: files(scenario["files"]), position: scenario.position)
        return [first] + (scenario["servers"]?.members.compactMap(further) ?? [])
    }

    private static func further(_ member: (key: String, reader: NodeReader)) -> ServerTemplate? {
        let reader = member.reader
        guard member.key != StepTemplate.mainServer else {
            reader.note(
                "every scenario has the server '\(member.key)'",
                advice: "its files stand in 'files' of the scenario")
            return nil
        }
        reader.refuseKeys(otherThan: ["files", "note"], in: "a server")
        return ServerTemplate(
            name: member.key, files: files(reader["files"]), position: reader.position)
    }

    private static func files(_ reader: NodeReader?) -> [FileTemplate] {
        reader?.members.compactMap { name, content in
            guard let kind = ServerFile(rawValue: name) else {
                content.note(
                    "there is no file '\(name)'",
                    advice: NodeReader.choice(of: ServerFile.allCases.map(\.rawValue), near: name))
                return nil
            }
            return FileTemplate(kind: kind, content: content.template)
        } ?? []
    }
}

extension ProblemLog {
    package func noteUnknownServer(
        _ name: String, at position: SourcePosition, known: [String]
    ) {
        note(
            "there is no server '\(name)'", at: position,
            advice: known.count == 1
                ? "the one server is \"main\"; 'servers' of the scenario names further ones"
                : NodeReader.choice(of: known, near: name))
    }
}
