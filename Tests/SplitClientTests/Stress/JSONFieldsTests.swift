// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@testable import SplitClient

@Suite("The fields of a JSON response")
struct JSONFieldsTests {
    private func fields(_ text: String) -> [String?]? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { all in
            guard let fields = JSONFields(all) else { return nil }
            return [fields.response, fields.sender, fields.content].map { range in
                range.map { String(decoding: bytes[$0], as: UTF8.self) }
            }
        }
    }

    @Test("keys may stand in any order, with any others and any white space")
    func orders() {
        let text =
            #" { "content" : "a\"b" ,"x":[1,{"response":"no"}], "sender":"ann","response":"message"}"#
        #expect(fields(text) == ["message", "ann", #"a\"b"#])
        #expect(
            fields(#"{"response":"history","content":[{"sender":"x"}],"sender":null}"#) == [
                "history", nil, nil,
            ])
        #expect(fields("{}") == [nil, nil, nil])
    }

    @Test(
        "what is no object has none",
        arguments: ["", "[]", "{", #"{"a""#, #"{"a":"#, #"{"a":1,}"#, #"{"a":"b"#, "oops"])
    func wrong(text: String) {
        #expect(fields(text) == nil)
    }

    @Test(
        "strings are written and read as the JSON reader reads them",
        arguments: ["plain", "q\"b\\s/", "tab\t nl\n bell\u{7}", "é€😀"])
    func strings(text: String) throws {
        var written: [UInt8] = [0x22]
        Array(text.utf8).withUnsafeBytes { JSONStringCoding.append($0, to: &written) }
        written.append(0x22)
        #expect(try JSONReader.parse(whole: written).value.text == text)
        var decoded: [UInt8] = []
        let isRead = written[1..<(written.count - 1)].withUnsafeBytes {
            JSONStringCoding.decode($0, into: &decoded)
        }
        #expect(isRead)
        #expect(decoded == Array(text.utf8))
    }

    @Test("escapes of every form are read")
    func escapes() {
        var decoded: [UInt8] = []
        let isRead = Array(#"\u0041\/\b\f\r\ud83d\ude00\u00e9"#.utf8).withUnsafeBytes {
            JSONStringCoding.decode($0, into: &decoded)
        }
        #expect(isRead)
        #expect(decoded == Array("A/\u{8}\u{c}\r😀é".utf8))
    }

    @Test(
        "what is no escape is refused",
        arguments: [#"\"#, #"\x"#, #"\u12"#, #"\ud83d"#, #"\ude00"#])
    func wrongEscapes(text: String) {
        var decoded: [UInt8] = []
        let isRead = Array(text.utf8).withUnsafeBytes {
            JSONStringCoding.decode($0, into: &decoded)
        }
        #expect(!isRead)
    }
}
