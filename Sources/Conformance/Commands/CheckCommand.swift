// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Specs

/// `conformance check`: reads suites and tells all that is wrong in them, at once.
enum CheckCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        var problems: [SpecProblem] = []
        var lines: [String] = []
        for path in parsed.values("path") {
            for folder in try folders(path, parsed) {
                let log = ProblemLog()
                let suite = folder.suite(log: log)
                if let suite { Planner.check(suite, log: log) }
                if let suite, log.isEmpty { suite.noteBareRequirements(log) }
                problems += log.problems
                if let suite, log.isEmpty { lines.append(line(folder, suite)) }
            }
        }
        console.print(lines.joined())
        guard problems.isEmpty else {
            console.complain(problems.map { "\($0)\n" }.joined())
            return .wrongSpecs
        }
        return .success
    }

    private static func folders(
        _ path: String, _ parsed: ParsedCommand
    ) throws(UsageError) -> [ProtocolFolder] {
        let shown = ByteEscaping.quoted(path.utf8)
        guard Files.isDirectory(path) else { return [try named(path, parsed)] }
        if Files.exists(PathText.join(path, ProtocolFolder.documentName)) {
            return [ProtocolFolder(path: path)]
        }
        let specs = SpecsFolder(path: path)
        guard !specs.protocols.isEmpty else {
            throw parsed.usageError(
                "there is no \(ProtocolFolder.documentName) in \(shown), nor in a folder inside it")
        }
        return specs.protocols.map(specs.folder)
    }

    /// A protocol by its name, as other commands take it.
    private static func named(
        _ name: String, _ parsed: ParsedCommand
    ) throws(UsageError) -> ProtocolFolder {
        let specs = SpecsFolder.find(given: parsed.value("specs"))
        if let specs, specs.protocols.contains(where: { $0 == name }) {
            return specs.folder(of: name)
        }
        let near = specs.flatMap { Suggestion.nearest(to: name, in: $0.protocols) }
        throw parsed.usageError(
            "\(ByteEscaping.quoted(name.utf8)) is no directory, and no protocol of that name is in "
                + "\(specs?.path ?? "a folder specs/ here or above")"
                + (near.map { "; did you mean \($0)?" } ?? ""))
    }

    private static func line(_ folder: ProtocolFolder, _ suite: Suite) -> String {
        "\(folder.path): \(suite.requirements.all.count) requirements, "
            + "\(suite.scenarios.count) scenarios, nothing wrong\n"
    }
}
