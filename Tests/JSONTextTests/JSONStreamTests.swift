// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite("JSON on a stream")
struct JSONStreamTests {
    private static let documents = [
        #"{"type":"say","text":"é€😀 \"\\\n\ud83d\ude00"}"#,
        #" [1,-2.5e+10 , true,null,{"a":{"b":[]}}] "#,
        "12 34\n-5\"x\"{}[]truefalse 0",
        "1\r\n2\n\n3",
        #"{"a":1}{"b":2}{"c":3"#,
        "[1,]",
        "\"\\ud800x\"",
        "[\"ab\u{1}\"]",
        "nulx",
        "1.",
        "[01]",
        "  ",
        "",
    ]

    @Test("every cut of a stream in two and in three gives the same", arguments: documents)
    func cutsDoNotMatter(text: String) {
        let bytes = Array(text.utf8)
        let whole = Reading(of: [bytes[...]])
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let cut = Reading(of: [bytes[..<first], bytes[first..<second], bytes[second...]])
                #expect(cut == whole, "cut at \(first) and \(second)")
            }
        }
        #expect(Reading(of: bytes.indices.map { bytes[$0...$0] }) == whole)
    }

    @Test("values may follow each other with and without white space")
    func valuesFollowEachOther() {
        let bytes = Array("12 34\n-5\"x\"{}[]truefalse 0".utf8)
        let reading = Reading(of: [bytes[...]])
        #expect(reading.error == nil)
        #expect(
            reading.ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
                == ["12", "34", "-5", "\"x\"", "{}", "[]", "true", "false", "0"]
        )
        #expect(reading.positions.map(\.line) == [1, 1, 2, 2, 2, 2, 2, 2, 2])
        #expect(reading.positions.map(\.offset) == reading.ranges.map(\.lowerBound))
    }

    @Test("a number by itself ends with the byte after it, or with the stream")
    func numbersEndLate() {
        var reader = JSONReader()
        reader.append("12".utf8)
        #expect(reader.next() == .needMoreBytes)
        #expect(reader.isInsideValue)
        reader.append("3 4".utf8)
        #expect(reader.next() == .value(JSONNode(.number(JSONNumber(123)))))
        #expect(!reader.isInsideValue)
        #expect(reader.next() == .needMoreBytes)
        reader.finish()
        #expect(reader.next() == .value(JSONNode(.number(JSONNumber(4)))))
        #expect(reader.next() == .needMoreBytes)
    }

    @Test("a reader knows whether a value is unfinished")
    func knowsWhetherInside() {
        var reader = JSONReader()
        var inside: [Bool] = []
        for byte in #" [{"a"} "#.utf8.prefix(7) {
            reader.append([byte])
            _ = reader.next()
            inside.append(reader.isInsideValue)
        }
        #expect(inside == [false, true, true, true, true, true, true])
    }

    @Test("what is malformed stays so, whatever follows")
    func staysMalformed() {
        var reader = JSONReader()
        reader.append("}".utf8)
        let first = reader.next()
        reader.append("{}".utf8)
        #expect(reader.next() == first)
        guard case .malformed(let error) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(error.position.offset == 0)
    }

    @Test("values before the malformed one are given")
    func givesWhatWasWell() {
        let reading = Reading(of: [Array("{} [1] }".utf8)[...]])
        #expect(reading.values.count == 2)
        #expect(reading.error?.position.offset == 7)
    }

    @Test("bytes can be appended as a span")
    func appendsSpans() {
        var reader = JSONReader()
        let bytes = Array("[7]".utf8)
        reader.append(bytes.span)
        #expect(reader.next() == .value(JSONNode(.array([JSONNode(.number(JSONNumber(7)))]))))
    }

    /// Quadratic work on a quarter of a megabyte would be minutes.
    @Test(
        "a long text that arrives byte by byte is read",
        .timeLimit(.minutes(15)),
        arguments: [
            ("\"", "a", 262_142, "\"", 1), ("[", "1,", 125_000, "1]", 1),
            ("", "{\"k\":\"é\\n\"} ", 20_000, "", 20_000), ("", " ", 250_000, "1", 1),
        ]
    )
    func isLinear(start: String, unit: String, times: Int, end: String, count: Int) {
        let bytes = Array((start + String(repeating: unit, count: times) + end).utf8)
        let reading = Reading(of: bytes.indices.lazy.map { bytes[$0...$0] })
        #expect(reading.values.count == count)
        #expect(reading.error == nil)
    }

    /// All values wait in the reader at once; taking one must not move the rest.
    @Test("many values in one append are read", .timeLimit(.minutes(15)))
    func isLinearOverValues() {
        let bytes = Array(String(repeating: "[]", count: 100_000).utf8)
        #expect(Reading(of: [bytes[...]]).values.count == 100_000)
    }
}
