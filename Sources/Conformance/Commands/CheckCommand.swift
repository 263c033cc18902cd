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
        guard Files.isDirectory(path) else {
            throw parsed.usageError("\(shown) is no directory; name a protocol's folder")
        }
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

    private static func line(_ folder: ProtocolFolder, _ suite: Suite) -> String {
        "\(folder.path): \(suite.requirements.all.count) requirements, "
            + "\(suite.scenarios.count) scenarios, nothing wrong\n"
    }
}
