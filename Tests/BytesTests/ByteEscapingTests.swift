// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("ByteEscaping")
struct ByteEscapingTests {
    @Test(
        "what a terminal would obey or not show is written as an escape",
        arguments: [
            ("plain text, [x] y", "plain text, [x] y"),
            ("a\\b", "a\\\\b"),
            ("a\n\r\t\0b", "a\\n\\r\\t\\0b"),
            ("\u{1B}[31m\u{7F}", "\\x1B[31m\\x7F"),
            ("\u{9B}", "\\xC2\\x9B"),
            ("é € 😀 中", "é € 😀 中"),
            ("a\u{202E}b\u{2066}", "a\\xE2\\x80\\xAEb\\xE2\\x81\\xA6"),
            ("\u{200B}\u{FEFF}\u{2028}", "\\xE2\\x80\\x8B\\xEF\\xBB\\xBF\\xE2\\x80\\xA8"),
            ("\u{E0041}", "\\xF3\\xA0\\x81\\x81"),
            ("say \"hi\"", "say \"hi\""),
        ]
    )
    func escapesWhatIsNotShown(text: String, expected: String) {
        #expect(ByteEscaping.escape(text.utf8) == expected)
    }

    @Test(
        "bytes that are no UTF-8 are written one by one",
        arguments: [
            ([0xFF], "\\xFF"),
            ([0x61, 0xC3], "a\\xC3"),
            ([0xC3, 0x28], "\\xC3("),
            ([0xC0, 0x80], "\\xC0\\x80"),
            ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
            ([0xF4, 0x90, 0x80, 0x80], "\\xF4\\x90\\x80\\x80"),
            ([0xE2, 0x82, 0x61], "\\xE2\\x82a"),
        ] as [([UInt8], String)]
    )
    func escapesInvalidBytes(bytes: [UInt8], expected: String) {
        #expect(ByteEscaping.escape(bytes) == expected)
    }

    @Test("a quoted text escapes its quotes")
    func quotes() throws {
        let quoted = ByteEscaping.quoted("a \"b\" \\".utf8)
        #expect(quoted == #""a \"b\" \\""#)
        let inside = String(quoted.dropFirst().dropLast())
        #expect(try ByteEscaping.unescape(inside) == Array("a \"b\" \\".utf8))
    }

    @Test("every pair of bytes comes back as it was")
    func roundTripsPairs() throws {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second]
                let text = ByteEscaping.escape(bytes)
                let back = try ByteEscaping.unescape(text)
                if back != bytes { Issue.record("\(bytes) became \(text) became \(back)") }
            }
        }
    }

    @Test("no control, format or invisible character is ever left")
    func leavesNothingInvisible() throws {
        var wrong: [Int] = []
        for value in Array(0...0x30FF) + Array(0xFE00...0xFFFF) + Array(0xE0000...0xE01FF) {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let bytes = Array(String(scalar).utf8)
            let text = ByteEscaping.escape(bytes)
            let isWhole = try ByteEscaping.unescape(text) == bytes
            if !isWhole || text.unicodeScalars.contains(where: Self.isHidden) {
                wrong.append(value)
            }
        }
        #expect(wrong.isEmpty)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
            || scalar.properties.generalCategory == .format
            || scalar.properties.isDefaultIgnorableCodePoint
    }

    @Test(
        "printable text is valid UTF-8 that needs no escapes but for line feeds and tabs",
        arguments: [
            ("two\nlines\tand a \\", true), ("é😀", true), ("", true), ("a\r", false),
            ("\u{1B}[0m", false), ("\u{200E}", false),
        ]
    )
    func tellsPrintableText(text: String, expected: Bool) {
        #expect(ByteEscaping.isPrintableText(text.utf8) == expected)
    }

    @Test("bytes that are no UTF-8 are no printable text")
    func invalidBytesAreNoText() {
        #expect(!ByteEscaping.isPrintableText([0x61, 0xFF]))
        #expect(!ByteEscaping.isPrintableText([0xE2, 0x82]))
    }
}
