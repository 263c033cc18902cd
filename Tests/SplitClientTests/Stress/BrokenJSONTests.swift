// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import SplitClient

@Suite("JSON values that are broken, and what comes behind them")
struct BrokenJSONTests {
    /// What one byte of an object may become.
    struct Damage: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var damages: @Sendable (_ byte: UInt8, _ isText: Bool) -> Bool
        var replacements: [UInt8]

        static let all = [
            Damage(
                testDescription: "a quote put in",
                damages: { byte, isText in isText && byte != UInt8(ascii: "\"") },
                replacements: Array("\"".utf8)),
            Damage(
                testDescription: "a quote taken away",
                damages: { byte, _ in byte == UInt8(ascii: "\"") },
                replacements: Array(#"x1 \"#.utf8)),
            Damage(
                testDescription: "a brace taken away",
                damages: { byte, isText in !isText && (byte == 0x7B || byte == 0x7D) },
                replacements: Array(#"x1 ,:\""#.utf8)),
            Damage(
                testDescription: "a brace put in", damages: { _, _ in true },
                replacements: Array("{}[]".utf8)),
            Damage(
                testDescription: "a comma made a letter",
                damages: { byte, isText in !isText && byte == UInt8(ascii: ",") },
                replacements: Array("xt".utf8)),
        ]
    }

    /// What a scanner hands out of a stream that comes in pieces of one size.
    func messages(_ bytes: [UInt8], inPiecesOf size: Int) -> [[UInt8]] {
        var scanner = MessageScanner(.json)
        var found: [[UInt8]] = []
        var (start, end) = (0, 0)
        while end < bytes.count {
            end = min(end + size, bytes.count)
            while let next = bytes[..<end].withUnsafeBytes({ scanner.next(in: $0, from: start) }) {
                guard next.content.lowerBound == start, next.end > start else {
                    Issue.record("something is passed over, or nothing is taken")
                    return found
                }
                found.append(Array(bytes[next.content]))
                start = next.end
            }
        }
        return found
    }

    /// An object as `json` servers send it, with brackets, quotes and escapes in its text.
    private func object(_ number: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let parts = ["a", "7", " ", "{", "}", "[", "]", ",", ":", #"\""#, #"\\"#, #"\u00e9"#, "é"]
        var text = ""
        for _ in 0..<12 { text += parts[generator.next(below: parts.count)] }
        let last = number % 2 == 0 ? "" : #","timestamp":"2026-11-22 12:00:00""#
        let head = #"{"response":"message","sender":"ann","content":""#
        return Array((head + "\(text)\(number)\"\(last)}").utf8)
    }

    private func objects(_ count: Int, seed: UInt64 = 3) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { object($0, &generator) }
    }

    /// For each byte of an object whether it stands between two quotes.
    private func texts(_ object: [UInt8]) -> [Bool] {
        var (isText, isEscaped) = (false, false)
        return object.map { byte in
            defer { isEscaped = isText && !isEscaped && byte == UInt8(ascii: "\\") }
            guard byte == UInt8(ascii: "\""), !isEscaped else { return isText }
            isText.toggle()
            return false
        }
    }

    /// How many objects do not come out as they are when one byte of the one at `place` is another.
    private func lost(
        _ objects: [[UInt8]], at place: Int, _ damaged: [UInt8], between separator: [UInt8]
    ) -> Int {
        var all = objects
        all[place] = damaged
        let stream = Array(all.joined(separator: separator))
        let found = messages(stream, inPiecesOf: stream.count)
        let trimmed = Set(found.map { Array($0.drop(while: JSONSpace.contains)) })
        return objects.count { !trimmed.contains($0) }
    }

    /// Every way in which an object can be damaged.
    private func damaged(_ object: [UInt8], _ damage: Damage) -> [[UInt8]] {
        zip(object.indices, texts(object)).flatMap { offset, isText -> [[UInt8]] in
            guard damage.damages(object[offset], isText) else { return [] }
            return damage.replacements.filter { $0 != object[offset] }.map { byte in
                var damaged = object
                damaged[offset] = byte
                return damaged
            }
        }
    }

    @Test("of a thousand objects two are lost at most", arguments: Damage.all)
    func thousand(damage: Damage) {
        let objects = objects(1000)
        for place in [100, 101] {
            let ways = damaged(objects[place], damage)
            for way in [ways.first, ways[ways.count / 2], ways.last].compactMap({ $0 }) {
                let lost = lost(objects, at: place, way, between: [])
                #expect(lost <= 2, "\(String(decoding: way, as: UTF8.self))")
            }
        }
    }

    @Test("wherever the byte is, and whatever stands between objects", arguments: Damage.all)
    func everywhere(damage: Damage) {
        for seed in 1...4 {
            let objects = objects(6, seed: UInt64(seed))
            for place in [1, 2] {
                for way in damaged(objects[place], damage) {
                    for separator in [[], [UInt8(0x0A)]] {
                        let lost = lost(objects, at: place, way, between: separator)
                        #expect(lost <= 2, "\(String(decoding: way, as: UTF8.self))")
                    }
                }
            }
        }
    }

    @Test("the same comes out however the bytes come", arguments: Damage.all)
    func pieces(damage: Damage) {
        let objects = objects(4)
        for way in damaged(objects[1], damage) {
            let stream = Array([objects[0], way, objects[2], objects[3]].joined())
            let whole = messages(stream, inPiecesOf: stream.count)
            for size in [1, 7] { #expect(messages(stream, inPiecesOf: size) == whole) }
        }
    }

    @Test("whatever comes goes on, and comes out the same")
    func garbage() {
        var generator = SeededGenerator(seed: 8)
        let alphabet = Array("{{{}[]\"\"\",:\\ 1ax\n".utf8)
        let stream = (0..<20_000).map { _ in
            alphabet[generator.next(below: alphabet.count)]
        }
        let whole = messages(stream, inPiecesOf: stream.count)
        #expect(whole.count > 1000)
        #expect(messages(stream, inPiecesOf: 1) == whole)
    }

    @Test("a broken value reaches to where the next one seems to begin")
    func borders() {
        func found(_ text: String) -> [String] {
            messages(Array(text.utf8), inPiecesOf: text.utf8.count)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found(#"{"a":"b" {"c":1}"#) == [#"{"a":"b" "#, #"{"c":1}"#])
        #expect(found(#"{"a":"b}{"c":"d"}"#) == [#"{"a":"b}"#, #"{"c":"d"}"#])
        #expect(found(#"{"a"x"b"} {"c":1}"#) == [#"{"a""#, #"x"b"} "#, #"{"c":1}"#])
        #expect(found(" {xa}\n{}") == [" {", "xa}", "\n{}"])
    }

    @Test(
        "what is JSON is never broken",
        arguments: [
            "{}", "[]", "[[[]],[{}]]", #"{"a":-1.5E+10,"b":[0.25e-7,-0,12]}"#,
            #"{"a":true,"b":false,"c":null}"#, "[true,false,null,{\"a\":[]}]",
            #"{"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00":"\\"}"#, "{\"é😀\":\"\u{7F}漢{\\\"\"}",
            "{ \"a\" :\r\n [ 1 ,\t{ \"b\" : { } } , [ ] ] }", #"{"a{":"}{","b":["[","{"]}"#,
        ])
    func valid(text: String) {
        let stream = Array((text + "\n" + text).utf8)
        for size in [1, stream.count] {
            let found = messages(stream, inPiecesOf: size)
            #expect(found == [Array(text.utf8), Array(("\n" + text).utf8)])
        }
    }
}
