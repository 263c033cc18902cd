// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("ByteEscaping.unescape")
struct ByteUnescapingTests {
    @Test(
        "every escape stands for its bytes",
        arguments: [
            (#"a\n\r\t\0\\\"b"#, [0x61, 0x0A, 0x0D, 0x09, 0x00, 0x5C, 0x22, 0x62]),
            (#"\x00\xfF\x41"#, [0x00, 0xFF, 0x41]),
            (#"\u{41}\u{e9}\u{1F600}"#, [0x41, 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80]),
            ("é", [0xC3, 0xA9]),
            (#"\012"#, [0x00, 0x31, 0x32]),
            ("", []),
        ] as [(String, [UInt8])]
    )
    func readsEscapes(text: String, expected: [UInt8]) throws {
        #expect(try ByteEscaping.unescape(text) == expected)
    }

    @Test(
        "an escape that means nothing is refused at its place",
        arguments: [
            (#"ab\q"#, 2, "unknown escape \\q"),
            (#"é\é"#, 2, "unknown escape \\é"),
            ("\\\u{202E}", 0, "unknown escape \\\\xE2\\x80\\xAE"),
            (#"abc\"#, 3, "nothing follows the backslash"),
            (#"\x4"#, 0, "\\x is not followed by two hexadecimal digits"),
            (#"\xg0"#, 0, "\\x is not followed by two hexadecimal digits"),
            (#"\u41"#, 0, "\\u is not followed by one to six hexadecimal digits in braces"),
            (#"\u{}"#, 0, "\\u is not followed by one to six hexadecimal digits in braces"),
            (#"\u{41"#, 0, "\\u is not followed by one to six hexadecimal digits in braces"),
            (#"\u{1234567}"#, 0, "\\u is not followed by one to six hexadecimal digits in braces"),
            (#"\u{D800}"#, 0, "\\u{D800} is no Unicode character"),
            (#"\u{110000}"#, 0, "\\u{110000} is no Unicode character"),
        ]
    )
    func refusesWrongEscapes(text: String, position: Int, what: String) {
        let possible =
            #"possible are \n \r \t \0 \\ \" \xNN (one byte) and \u{N...} (one character)"#
        let error = #expect(throws: EscapeError.self) { try ByteEscaping.unescape(text) }
        #expect(error?.position == position)
        #expect(error?.description == "\(what) at offset \(position); \(possible)")
    }
}
