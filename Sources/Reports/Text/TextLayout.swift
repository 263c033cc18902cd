// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Lines of text within a width.
///
/// Everything that is shown comes through `visible`: text that is printable stays as it is, any
/// other is escaped, so that nothing from a server or a file reaches the terminal as a command.
struct TextLayout {
    /// The column at which what belongs to a label begins.
    static let labelWidth = 13

    var style: TextStyle
    private(set) var lines: [String] = []

    init(_ style: TextStyle) {
        self.style = style
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    mutating func blank() {
        if !lines.isEmpty, lines.last != "" { lines.append("") }
    }

    mutating func add(_ text: String, indent: Int = 0, colour: TextStyle.Colour? = nil) {
        let pad = String(repeating: " ", count: indent)
        for line in Self.wrapped(text, width: style.width - indent) {
            lines.append(pad + (colour.map { style.paint(line, $0) } ?? line))
        }
    }

    /// A line as it is; whoever makes it has seen to it that it is visible.
    mutating func addUnwrapped(_ line: String, colour: TextStyle.Colour? = nil) {
        lines.append(colour.map { style.paint(line, $0) } ?? line)
    }

    /// One line, cut off where it does not fit.
    mutating func addShortened(_ text: String, colour: TextStyle.Colour) {
        addUnwrapped(Self.shortened(Self.visible(text), to: style.width), colour: colour)
    }

    /// A label, and its text behind it in as many lines as it takes.
    mutating func field(_ label: String, _ text: String) {
        field(label, lines: Self.wrapped(text, width: fieldWidth))
    }

    /// A label, and lines behind it that are not wrapped.
    mutating func field(_ label: String, lines found: [String]) {
        for (number, line) in found.enumerated() {
            let head = Self.padded(number == 0 ? "  " + label : "", to: Self.labelWidth)
            lines.append(style.paint(head, .faint) + Self.visible(line))
        }
    }

    var fieldWidth: Int { style.width - Self.labelWidth }

    // MARK: Text

    static func visible(_ text: String) -> String {
        guard !ByteEscaping.isPrintableText(text.utf8) || text.utf8.contains(where: isBreak) else {
            return text
        }
        return ByteEscaping.escape(text.utf8)
    }

    private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x09 }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// `text` at the right end of `width` columns.
    static func aligned(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `text`, or its beginning and an ellipsis.
    static func shortened(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(1, width - 1)) + "…"
    }

    /// Breaks at spaces, and within words that are longer than a line.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in visible(text).split(separator: " ", omittingEmptySubsequences: false) {
            var rest = line.isEmpty && lines.isEmpty ? word : " " + word
            if line.count + rest.count > width, !line.isEmpty {
                lines.append(line)
                line = ""
                rest = word
            }
            while rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            line += rest
        }
        return lines + [line]
    }
}
