// SPDX-License-Identifier: Apache-2.0

import Posix

/// Standard input, output and error, or what stands in for them.
struct Streams {
    var input: Descriptor
    /// Writes to standard output and waits until all is written.
    var print: ([UInt8]) throws(SystemCallError) -> OutputResult
    /// Writes to standard error.
    var complain: (String) -> Void
    /// Whether standard error may show a line that changes.
    var showsProgress = false
    /// Takes over the signals that end the program; `nil` where they are left alone.
    var signals: () -> Signals? = { nil }
    /// The same, and those that say that the terminal has another size, or is another program's.
    var chatSignals: () -> Signals? = { nil }

    /// Those of this process; `lost` learns where standard output takes no more.
    static func ofProcess(_ lost: LostOutput) -> Streams {
        Streams(
            input: .standardInput(),
            print: { bytes throws(SystemCallError) in
                do throws(SystemCallError) {
                    return try Output.write(bytes, to: Terminal.standardOutput)
                } catch {
                    _ = lost.note()
                    throw error
                }
            },
            complain: { Output.writeError($0) },
            showsProgress: Terminal.welcomesColour(
                isTerminal: Terminal.isTerminal(Terminal.standardError)),
            signals: { try? Signals(taking: [.interrupt, .terminate]) },
            chatSignals: {
                try? Signals(taking: [
                    .interrupt, .terminate, .windowChanged, .terminalStop, .continued,
                ])
            }
        )
    }

    /// Says in one sentence on standard error what is wrong.
    func fail(_ sentence: String) { complain("\(Program.name): error: \(sentence)\n") }
}
