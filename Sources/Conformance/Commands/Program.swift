// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix
import Reports

/// The whole program behind `main`.
enum Program {
    static let name = "conformance"
    static let version = "0.1.0"
    static let tool = Report.Tool(name: name, version: version)

    /// Does what the words after the program's name ask for.
    static func run(_ words: [String], console: Console) -> ProgramStatus {
        do throws(UsageError) {
            switch try command.parse(words, helpWidth: console.style.width) {
            case .text(let text):
                console.print(text)
                return .success
            case .command(let parsed):
                return try dispatch(parsed, console)
            }
        } catch {
            console.complain(error.description + "\n")
            return .usage
        }
    }

    private static func dispatch(
        _ parsed: ParsedCommand, _ console: Console
    ) throws(UsageError) -> ProgramStatus {
        switch parsed.name {
        case "run": try RunCommand.run(parsed, console)
        case "split": try SplitCommand.run(parsed, console)
        case "list": try ListCommand.run(parsed, console)
        case "explain": try ExplainCommand.run(parsed, console)
        case "judge": try JudgeCommand.run(parsed, console)
        case "doctor": DoctorCommand.run(console)
        case "check": try CheckCommand.run(parsed, console)
        default: .usage
        }
    }
}
