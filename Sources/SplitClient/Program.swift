// SPDX-License-Identifier: Apache-2.0

import Arguments
import Posix

/// The whole program behind `main`.
enum Program {
    static let name = "splitclient"
    static let version = "0.1.0"

    static let command = Arguments.Command(
        name: name,
        summary: "Talks to a server in fragments.",
        version: version,
        subcommands: [PipeCommand.command],
        examples: PipeCommand.command.examples
    )

    /// Does what the words after the program's name ask for.
    static func run(_ words: [String], streams: Streams) -> ProgramStatus {
        do throws(UsageError) {
            switch try command.parse(words) {
            case .text(let text):
                _ = try? streams.print(Array(text.utf8))
                return .success
            case .command(let line):
                return PipeCommand.run(try PipeOptions(line), streams)
            }
        } catch {
            streams.complain(error.description + "\n")
            return .usage
        }
    }
}

/// What the program tells the shell.
enum ProgramStatus: Int32, Sendable {
    /// The server ended the connection in order.
    case success = 0
    /// The connection was reset, or standard input or output failed.
    case failed = 1
    case usage = 2
    case cannotConnect = 3
}
