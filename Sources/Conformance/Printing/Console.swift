// SPDX-License-Identifier: Apache-2.0

import Posix
import Reports

/// Standard output and standard error, as far as they are there.
///
/// Whatever comes from a server must be escaped before it is printed.
struct Console: Sendable {
    var style = TextStyle()
    /// Whether progress may be shown, on standard error.
    var showsProgress = false
    /// Writes to standard output; a closed one is no reason to stop.
    var print: @Sendable (String) -> Void
    /// Writes to standard error.
    var complain: @Sendable (String) -> Void

    /// The one of this process; `lost` learns where standard output takes no more.
    static func ofProcess(_ lost: LostOutput) -> Console {
        let isTerminal = Terminal.isTerminal(Terminal.standardOutput)
        let errorIsTerminal = Terminal.isTerminal(Terminal.standardError)
        return Console(
            style: TextStyle(
                width: min(Terminal.width(Terminal.standardOutput) ?? 100, 120),
                hasColour: Terminal.welcomesColour(isTerminal: isTerminal)),
            showsProgress: Terminal.welcomesColour(
                isTerminal: errorIsTerminal, environment: Self.withoutColourSwitch),
            print: { print($0, lost) },
            complain: { Output.writeError($0) })
    }

    private static func print(_ text: String, _ lost: LostOutput) {
        do throws(SystemCallError) {
            try Output.write(text)
        } catch {
            guard lost.note() else { return }
            Output.writeError("error: standard output cannot be written: \(error.reason)\n")
        }
    }

    /// Progress needs a cursor that moves, not colour.
    private static func withoutColourSwitch(_ name: String) -> String? {
        name == "NO_COLOR" ? nil : Environment.value(name)
    }
}
