// SPDX-License-Identifier: Apache-2.0

/// The classic picture of bytes: offset, sixteen bytes in hexadecimal, the same as ASCII.
///
/// ```text
/// 00000000  68 65 6c 6c 6f 0d 0a 20  20 20 20 20 20 20 20 20  |hello..         |
///                          ^^ first difference
/// 00000010
/// ```
package struct HexDump: Sendable {
    /// The offset under which the mark stands.
    ///
    /// It may be the count of the bytes: then the mark stands where a byte is missing.
    package var markAt: Int?
    package var markWord = "first difference"
    /// About how many bytes are shown, those around the mark; at least one line.
    package var maximumBytes = 512

    package init(markAt: Int? = nil, markWord: String = "first difference", maximumBytes: Int = 512)
    {
        self.markAt = markAt
        self.markWord = markWord
        self.maximumBytes = maximumBytes
    }

    /// The lines, each with a line feed at its end.
    ///
    /// Lines that repeat the one above are shown as one `*`, but for the one with the mark. What
    /// the bound leaves out is counted. The last line is the count of the bytes.
    package func render(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        let shown = window(of: bytes.count)
        var lines: [String] = []
        if shown.lowerBound > 0 { lines.append("... \(shown.lowerBound) bytes before") }
        var previous: ArraySlice<UInt8>?
        for start in stride(from: shown.lowerBound, to: shown.upperBound, by: Self.width) {
            let row = bytes[start..<min(start + Self.width, shown.upperBound)]
            if let previous, previous.elementsEqual(row), mark(inLineAt: start) == nil {
                if lines.last != "*" { lines.append("*") }
            } else {
                lines.append(line(row))
                lines += [mark(inLineAt: start)].compactMap { $0 }
            }
            previous = row
        }
        if shown.upperBound < bytes.count {
            lines.append("... \(bytes.count - shown.upperBound) bytes after")
        }
        lines.append(Hexadecimal.text(bytes.count, width: 8))
        if markAt == bytes.count, bytes.count.isMultiple(of: Self.width) {
            lines += [mark(inLineAt: bytes.count)].compactMap { $0 }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static let width = 16

    /// Whole lines around the mark, as many as the bound allows.
    private func window(of count: Int) -> Range<Int> {
        let lineCount = (count + Self.width - 1) / Self.width
        let allowed = max(1, maximumBytes / Self.width)
        let marked = min(max(markAt ?? 0, 0), count) / Self.width
        let first = max(0, min(marked - allowed / 2, lineCount - allowed))
        let end = min(lineCount, first + allowed)
        return first * Self.width..<min(count, end * Self.width)
    }

    private func line(_ row: ArraySlice<UInt8>) -> String {
        var text = Hexadecimal.text(row.startIndex, width: 8) + " "
        for (index, byte) in row.enumerated() {
            text += index == 8 ? "  " : " "
            text += String(decoding: Hexadecimal.digits(of: byte), as: UTF8.self)
        }
        let ascii = row.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }
        text += String(repeating: " ", count: 60 - text.utf8.count)
        return text + "|" + String(decoding: ascii, as: UTF8.self) + "|"
    }

    /// The line with the mark, where it belongs beneath the line that begins at `start`.
    private func mark(inLineAt start: Int) -> String? {
        guard let markAt, (start..<start + Self.width).contains(markAt) else { return nil }
        let column = markAt - start
        let indent = 10 + 3 * column + (column >= 8 ? 1 : 0)
        return String(repeating: " ", count: indent) + "^^ " + markWord
    }
}
