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
        subcommands: commands,
        examples: commands.flatMap(\.examples)
    )

    private static let commands = [
        PipeCommand.command, ChatCommand.command, StressCommand.command, ProxyCommand.command,
    ]

    /// Does what the words after the program's name ask for.
    static func run(_ words: [String], streams: Streams) -> ProgramStatus {
        do throws(UsageError) {
            switch try command.parse(words) {
            case .text(let text):
                _ = try? streams.print(Array(text.utf8))
                return .success
            case .command(let line):
                switch line.name {
                case ChatCommand.command.name:
                    return ChatCommand.run(try ChatOptions(line), streams)
                case StressCommand.command.name:
                    let seed = UInt64(bitPattern: MonotonicClock.now)
                    return StressCommand.run(try StressOptions(line, defaultSeed: seed), streams)
                case ProxyCommand.command.name:
                    let seed = UInt64(bitPattern: MonotonicClock.now)
                    return ProxyCommand.run(try ProxyOptions(line, defaultSeed: seed), streams)
                default: return PipeCommand.run(try PipeOptions(line), streams)
                }
            }
        } catch {
            streams.complain(error.description + "\n")
            return .usage
        }
    }
}

/// What the program tells the shell.
enum ProgramStatus: Int32, Sendable {
    /// All went as it should.
    case success = 0
    /// The server did something wrong, the connection was reset, or input or output failed.
    case failed = 1
    case usage = 2
    case cannotConnect = 3
    case interrupted = 130
}
