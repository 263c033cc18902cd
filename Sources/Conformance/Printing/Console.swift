// SPDX-License-Identifier: Apache-2.0

import Posix

/// Standard output and standard error, as far as they are there.
///
/// Whatever comes from a server must be escaped before it is printed.
struct Console: Sendable {
    /// Columns that help texts fill.
    var width = 100
    var style = Style(isColoured: false)
    /// Whether progress may be shown, on standard error.
    var showsProgress = false
    /// Writes to standard output; a closed one is no reason to stop.
    var print: @Sendable (String) -> Void
    /// Writes to standard error.
    var complain: @Sendable (String) -> Void

    /// The one of this process.
    static func ofProcess() -> Console {
        let isTerminal = Terminal.isTerminal(Terminal.standardOutput)
        let errorIsTerminal = Terminal.isTerminal(Terminal.standardError)
        return Console(
            width: Terminal.width(Terminal.standardOutput) ?? 100,
            style: Style(isColoured: Terminal.welcomesColour(isTerminal: isTerminal)),
            showsProgress: Terminal.welcomesColour(
                isTerminal: errorIsTerminal, environment: Self.withoutColourSwitch),
            print: { _ = try? Output.write($0) },
            complain: { Output.writeError($0) })
    }

    /// Progress needs a cursor that moves, not colour.
    private static func withoutColourSwitch(_ name: String) -> String? {
        name == "NO_COLOR" ? nil : Environment.value(name)
    }
}

/// Colours, where they are welcome.
struct Style: Sendable {
    var isColoured: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func dim(_ text: String) -> String { wrap(text, "2") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
