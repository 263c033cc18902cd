// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite("JSON bounds")
struct JSONBoundsTests {
    private static func nested(_ depth: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "["), count: depth)
            + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    }

    @Test("512 levels are read, the 513th is refused where it begins")
    func boundsDepth() {
        #expect(throws: Never.self) { try JSONReader.parse(whole: Self.nested(512)) }
        let error = #expect(throws: JSONError.self) {
            try JSONReader.parse(whole: Self.nested(513))
        }
        #expect(error?.reason == .tooDeep(limit: 512))
        #expect(error?.position.offset == 512)
    }

    @Test("a million open brackets are refused without being stacked")
    func survivesDeepNesting() {
        let error = #expect(throws: JSONError.self) {
            try JSONReader.parse(whole: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        }
        #expect(error?.reason == .tooDeep(limit: 512))
    }

    @Test("the greatest depth that can be asked for is read, compared and released")
    func boundsTheBound() throws {
        let limits = JSONLimits(maximumDepth: .max)
        #expect(limits.maximumDepth == 2_048)
        let node = try JSONReader.parse(whole: Self.nested(2_048), limits: limits)
        let other = try JSONReader.parse(whole: Self.nested(2_048), limits: limits)
        #expect(node == other)
        var writer = JSONWriter()
        writer.value(node)
        #expect(writer.bytes == Self.nested(2_048))
    }

    @Test(
        "a value may be exactly as long as the bound",
        arguments: [#""abcdef""#, "[1,2,34]", "12345678", #"{"a":12}"#, "[     1]", "\"éé\u{e9}\""]
    )
    func boundsLength(text: String) {
        let bytes = Array(text.utf8)
        #expect(bytes.count == 8)
        let padded = Array("  ".utf8) + bytes + Array("   ".utf8)
        let exact = JSONLimits(maximumBytes: 8)
        #expect(throws: Never.self) { try JSONReader.parse(whole: padded, limits: exact) }
        let error = #expect(throws: JSONError.self) {
            try JSONReader.parse(whole: padded, limits: JSONLimits(maximumBytes: 7))
        }
        #expect(error?.reason == .tooLong(limit: 7))
        #expect(error?.position.offset == 9)
    }

    @Test("the bound is that of one value, not of the stream")
    func boundsEachValue() {
        let text = Array(String(repeating: "[1,2] ", count: 1_000).utf8)
        let reading = Reading(of: [text[...]], limits: JSONLimits(maximumBytes: 5))
        #expect(reading.values.count == 1_000)
        #expect(reading.error == nil)
    }

    @Test("a string without an end is given up at the bound, not kept")
    func givesUpEndlessStrings() {
        var reader = JSONReader(limits: JSONLimits(maximumBytes: 1_000))
        reader.append([UInt8(ascii: "\"")])
        let block = [UInt8](repeating: UInt8(ascii: "a"), count: 300)
        var results: [JSONReaderResult] = []
        for _ in 0..<5 {
            reader.append(block)
            results.append(reader.next())
        }
        let place = JSONPosition(offset: 1_000, line: 1, column: 1_001)
        let error = JSONError(position: place, reason: .tooLong(limit: 1_000))
        #expect(
            results == [
                .needMoreBytes, .needMoreBytes, .needMoreBytes, .malformed(error),
                .malformed(error),
            ]
        )
    }
}
