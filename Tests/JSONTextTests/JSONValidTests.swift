// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite("Valid JSON")
struct JSONValidTests {
    @Test(
        "each kind of value is read",
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false\n", .bool(false)),
            ("0", .number(JSONNumber(0))), ("-12", .number(JSONNumber(-12))),
            (#""""#, .string([])), ("[]", .array([])), ("{ }", .object([])),
            ("[1,[2]]", .array([node(1), JSONNode(.array([node(2)]))])),
            (
                #"{"a":1,"b":{}}"#,
                .object([member("a", node(1)), member("b", JSONNode(.object([])))])
            ),
            ("\t\r\n [ ] ", .array([])),
        ] as [(String, JSONValue)]
    )
    func readsValues(text: String, expected: JSONValue) throws {
        #expect(try JSONReader.parse(whole: text.utf8).value == expected)
    }

    private static func node(_ int: Int) -> JSONNode { JSONNode(.number(JSONNumber(int))) }

    private static func member(_ key: String, _ node: JSONNode) -> JSONMember {
        JSONMember(key: Array(key.utf8), node: node)
    }

    @Test(
        "strings are the UTF-8 that they stand for",
        arguments: [
            (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"),
            (#""\u0041\u00e9\u20AC\uD83D\uDE00\u0000""#, "Aé€😀\0"),
            ("\"é€😀 \u{7F}\"", "é€😀 \u{7F}"),
            (#""\uFFFF\uD7FF\uE000""#, "\u{FFFF}\u{D7FF}\u{E000}"),
            (#""\ud800\udc00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"),
        ]
    )
    func decodesStrings(text: String, expected: String) throws {
        let value = try JSONReader.parse(whole: text.utf8).value
        #expect(value.bytes == Array(expected.utf8))
    }

    @Test(
        "numbers keep their spelling and have a value where one fits",
        arguments: [
            ("0", 0, 0), ("-0", 0, -0.0), ("42", 42, 42), ("1.5", nil, 1.5), ("1.0", nil, 1),
            ("1e2", nil, 100), ("1E+2", nil, 100), ("25e-1", nil, 2.5), ("-0.0", nil, -0.0),
            ("9223372036854775807", .max, 9.223372036854775807e18),
            ("9223372036854775808", nil, 9.223372036854775808e18), ("1e999", nil, nil),
            ("123456789012345678901234567890", nil, 1.2345678901234568e29),
        ] as [(String, Int?, Double?)]
    )
    func readsNumbers(text: String, int: Int?, double: Double?) throws {
        let number = try #require(try JSONReader.parse(whole: text.utf8).value.number)
        #expect(number.text == Array(text.utf8))
        #expect(number.int == int)
        #expect(number.double == double)
    }

    @Test("every node knows where it begins, in bytes, lines and characters")
    func hasPositions() throws {
        let text = "{\n  \"é\": [1,\r\n \"x\"], \"b\": {\"c\": null}}"
        let root = try JSONReader.parse(whole: text.utf8)
        let members = try #require(root.value.members)
        let elements = try #require(members[0].node.value.elements)
        let inner = try #require(members[1].node.value.members)
        #expect(root.position == JSONPosition(offset: 0, line: 1, column: 1))
        #expect(members[0].keyPosition == JSONPosition(offset: 4, line: 2, column: 3))
        #expect(members[0].node.position == JSONPosition(offset: 10, line: 2, column: 8))
        #expect(elements[0].position == JSONPosition(offset: 11, line: 2, column: 9))
        #expect(elements[1].position == JSONPosition(offset: 16, line: 3, column: 2))
        #expect(inner[0].keyPosition == JSONPosition(offset: 28, line: 3, column: 14))
        #expect(inner[0].node.position == JSONPosition(offset: 33, line: 3, column: 19))
    }

    @Test("the last of several members with one key counts, and all stay in the tree")
    func lastMemberCounts() throws {
        let root = try JSONReader.parse(whole: #"{"a":1,"a":2}"#.utf8)
        #expect(root["a"]?.value.int == 2)
        #expect(root.value[bytes: [0x61]]?.value.int == 2)
        #expect(root.value.members?.count == 2)
        #expect(root["b"] == nil)
    }

    @Test("keys are compared by their bytes, not as text")
    func keysAreBytes() throws {
        let root = try JSONReader.parse(whole: "{\"e\u{301}\":1}".utf8)
        #expect(root["\u{e9}"] == nil)
        #expect(root["e\u{301}"]?.value.int == 1)
    }

    @Test("a value says what it is, for messages")
    func hasKindNames() throws {
        let root = try JSONReader.parse(whole: #"[null,true,false,1,"",[],{}]"#.utf8)
        let names = root.value.elements?.map(\.value.kindName)
        #expect(
            names == ["null", "true", "false", "a number", "a string", "an array", "an object"]
        )
    }
}
