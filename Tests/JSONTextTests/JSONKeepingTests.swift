// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite("JSON where it lies, and no more than is asked for")
struct JSONKeepingTests {
    private static let keeping = JSONKeeping.members([Array("a".utf8), Array("b".utf8)])

    private func read(_ text: String) -> [JSONValue] {
        var reader = JSONReader(keeping: Self.keeping)
        reader.append(text.utf8)
        reader.finish()
        var values: [JSONValue] = []
        while case .value(let node) = reader.next() { values.append(node.value) }
        return values
    }

    @Test("of an object the members that are asked for are kept, the last one of each")
    func members() {
        let text = #"{"x":1,"b":[1,{"a":2}],"a":1,"c":{"a":3},"a":{"a":4,"b":5}}"#
        let kept = #"{"b":[],"a":{}}"#
        #expect(read(text).map(Self.written) == [kept])
        #expect(read(#"[1,[2]]"x"7{}"#).map(Self.written) == ["[]", #""x""#, "7", "{}"])
    }

    private static func written(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "what is not kept is read as strictly",
        arguments: ["{\"x\":[1,]}", "[[\"\\ud800\"]]", "{\"x\":01}"])
    func isStrict(text: String) {
        var reader = JSONReader(keeping: Self.keeping)
        reader.append(text.utf8)
        guard case .malformed(let error) = reader.next() else {
            Issue.record("\(text) was read")
            return
        }
        var strict = JSONReader()
        strict.append(text.utf8)
        #expect(strict.next() == .malformed(error))
    }

    @Test("a span is read to the end of one value, wherever it is cut")
    func spans() {
        let bytes = Array(#"{"a":"é\ud83d\ude00"}12 [null]"#.utf8)
        let ends = [bytes.count - 9, bytes.count - 7, bytes.count]
        for cut in 0...bytes.count {
            var reader = JSONReader()
            var found: [Int] = []
            for part in [0..<cut, cut..<bytes.count] {
                var taken = part.lowerBound
                while taken < part.upperBound {
                    let (count, result) = reader.read(
                        bytes.span.extracting(taken..<part.upperBound))
                    taken += count
                    if case .value = result { found.append(taken) }
                    guard count > 0 || found.last == taken else { break }
                }
            }
            #expect(found == ends, "cut at \(cut)")
        }
    }

    @Test("the end of a stream that was read in spans ends a number")
    func finish() {
        var reader = JSONReader()
        #expect(reader.read([0x34, 0x32].span).result == .needMoreBytes)
        reader.finish()
        #expect(reader.next() == .value(JSONNode(.number(JSONNumber(42)))))
    }
}
