// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite("Malformed JSON")
struct JSONMalformedTests {
    @Test(
        "what is wrong is named at its place, with what would be right",
        arguments: [
            ("", "0 1:1 there is no value; one was expected"),
            (" \n ", "3 2:2 there is no value; one was expected"),
            ("x", "0 1:1 x stands where a value should begin"),
            ("[1,]", "3 1:4 ] stands where an element should follow the comma; remove the comma"),
            ("[,1]", "1 1:2 , stands where an element or ] should stand"),
            ("[1 2]", "3 1:4 2 stands where a comma or ] should stand"),
            ("[1}", "2 1:3 } stands where a comma or ] should stand"),
            ("]", "0 1:1 ] stands where a value should begin"),
            (
                "{\"a\":1,\n}",
                "8 2:1 } stands where a key in double quotes should follow the comma; remove the "
                    + "comma"
            ),
            ("{a:1}", "1 1:2 a stands where a key in double quotes or } should stand"),
            (
                "{'a':1}",
                "1 1:2 ' stands where a key in double quotes or } should stand; strings and keys "
                    + "stand between double quotes"
            ),
            (#"{"a" 1}"#, "5 1:6 1 stands where a colon should follow the key"),
            (#"{"a":}"#, "5 1:6 } stands where a value should follow the colon"),
            (#"{"a":1 "b"}"#, "7 1:8 \" stands where a comma or } should stand"),
            (#"{"a":1]"#, "6 1:7 ] stands where a comma or } should stand"),
            ("{1:2}", "1 1:2 1 stands where a key in double quotes or } should stand"),
            ("// x\n1", "0 1:1 / stands where a value should begin; JSON has no comments"),
            ("+1", "0 1:1 + stands where a value should begin; a number has no plus sign"),
            (
                ".5",
                "0 1:1 . stands where a value should begin; a digit must stand before the point"
            ),
            (
                "[NaN]",
                "1 1:2 N stands where an element or ] should stand; the words are true, false and "
                    + "null, and numbers are finite"
            ),
            ("nul", "3 1:4 the text ends inside a word that begins at line 1, column 1"),
            ("nulL", "3 1:4 this is no word of JSON; null would be"),
            ("[tru]", "4 1:5 this is no word of JSON; true would be"),
            ("01", "1 1:2 a number does not begin with 0 and another digit; leave the 0 out"),
            ("-01", "2 1:3 a number does not begin with 0 and another digit; leave the 0 out"),
            ("-", "1 1:2 the text ends inside a number that begins at line 1, column 1"),
            ("[-]", "2 1:3 a digit must follow the minus sign of a number"),
            ("[1.]", "3 1:4 a digit must follow the point of a number"),
            ("[1e]", "3 1:4 a digit must follow the e of a number"),
            ("[1e+]", "4 1:5 a digit must follow the sign of the exponent of a number"),
            (
                "[1.5.2]",
                "4 1:5 . stands where a comma or ] should stand; a digit must stand before "
                    + "the point"
            ),
            ("1 2", "2 1:3 the value has ended; nothing but white space may follow it"),
            ("{}\n}", "3 2:1 the value has ended; nothing but white space may follow it"),
            ("[", "1 1:2 the text ends inside an array that begins at line 1, column 1"),
            ("[\n {\"a\"", "7 2:6 the text ends inside an object that begins at line 2, column 2"),
            ("[\"ab", "4 1:5 the text ends inside a string that begins at line 1, column 2"),
            (
                "\u{FEFF}1",
                "0 1:1 the byte 0xEF stands where a value should begin; a byte order "
                    + "mark does not belong here"
            ),
            ("[1\u{1B}", "2 1:3 the byte 0x1B stands where a comma or ] should stand"),
        ]
    )
    func namesWhatIsWrong(text: String, expected: String) {
        let error = #expect(throws: JSONError.self) { try JSONReader.parse(whole: text.utf8) }
        #expect(error?.short == expected)
    }

    @Test(
        "strings are refused at the byte or the escape that is wrong",
        arguments: [
            ("\"é\n\"", "3 1:3 a raw control character in a string; write \\n"),
            ("\"\u{1}\"", "1 1:2 a raw control character in a string; write \\u0001"),
            (
                #""\x""#,
                "2 1:3 x follows a backslash; "
                    + #"possible are \" \\ \/ \b \f \n \r \t and \uXXXX"#
            ),
            (#""\u12G4""#, "5 1:6 four hexadecimal digits must follow \\u"),
            (#""\u12""#, "5 1:6 four hexadecimal digits must follow \\u"),
            (
                #""a\uDC00""#,
                "2 1:3 \\uDC00 is half of a surrogate pair; both halves must stand "
                    + "together, the high one (D800-DBFF) first"
            ),
            (
                #""a\uD800""#,
                "2 1:3 \\uD800 is half of a surrogate pair; both halves must stand "
                    + "together, the high one (D800-DBFF) first"
            ),
            (
                #""a\uD800\n""#,
                "2 1:3 \\uD800 is half of a surrogate pair; both halves must stand "
                    + "together, the high one (D800-DBFF) first"
            ),
            (
                #""\uD801\uD802""#,
                "1 1:2 \\uD801 is half of a surrogate pair; both halves must "
                    + "stand together, the high one (D800-DBFF) first"
            ),
            (
                #""\uD801\u0041""#,
                "1 1:2 \\uD801 is half of a surrogate pair; both halves must "
                    + "stand together, the high one (D800-DBFF) first"
            ),
        ]
    )
    func refusesStrings(text: String, expected: String) {
        let error = #expect(throws: JSONError.self) { try JSONReader.parse(whole: text.utf8) }
        #expect(error?.short == expected)
    }

    @Test("each pair of bytes is taken into a string exactly where the standard library takes it")
    func checksUTF8() {
        var wrong: [[UInt8]] = []
        for first in UInt8(0x80)...0xFF {
            for second in UInt8(0x70)...0xFF {
                for tail in [[], [0x80], [0x80, 0x80], [0xBF, 0x41]] as [[UInt8]] {
                    let content = [first, second] + tail
                    let valid = String(validating: content, as: UTF8.self) != nil
                    let read = try? JSONReader.parse(whole: [0x22] + content + [0x22])
                    if (read?.value.bytes == content) != valid { wrong.append(content) }
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test("invalid UTF-8 is refused at the byte that begins no character")
    func placesInvalidUTF8() {
        let error = #expect(throws: JSONError.self) {
            try JSONReader.parse(whole: [0x22, 0xC3, 0xA9, 0xE2, 0x82, 0x22])
        }
        #expect(error?.reason == .invalidUTF8(0xE2))
        #expect(error?.position.offset == 3)
        #expect(error?.position.column == 3)
    }

    @Test("a key that stands twice in one object is refused where that is asked for")
    func refusesDuplicateKeys() {
        let text = "{\"a\": {\"a\": 1},\n \"b\": 2, \"\\u0061\": 3}"
        let error = #expect(throws: JSONError.self) {
            try JSONReader.parse(whole: text.utf8, duplicateKeys: .refuse)
        }
        #expect(
            error?.description
                == "line 2, column 10: the key \"a\" stands at line 1, column 2, too; each may "
                + "stand once"
        )
        #expect(throws: Never.self) { try JSONReader.parse(whole: text.utf8) }
    }

    @Test("a key is shown without what a terminal would obey")
    func showsKeysSafely() {
        let error = JSONError(
            position: JSONPosition(),
            reason: .duplicateKey(Array("\u{1B}[2J\u{202E}é".utf8), first: JSONPosition())
        )
        #expect(error.message.contains(#""\u001b[2J\u202eé""#))
    }
}
