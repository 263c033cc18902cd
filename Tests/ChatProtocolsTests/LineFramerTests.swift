// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Cutting a stream into lines")
struct LineFramerTests {
    private let stream = Array("LIST\n\nSEND bob hé €😀\r\nX\nhalf".utf8)
    private let lines = ["LIST", "", "SEND bob hé €😀\r", "X"].map { Array($0.utf8) }

    private func cut(
        _ segments: [ArraySlice<UInt8>], limit: Int = Limits.helloLine
    ) -> CutLines {
        var framer = LineFramer(limit: limit)
        return CutLines(segments) { rest, cut in
            framer.take(rest.span) { cut.note($1.bytes, isTooLong: $0 == .tooLong) }
        }
    }

    @Test("every cut in two gives the same lines", arguments: 0...34)
    func cutInTwo(at place: Int) {
        #expect(stream.count == 34)
        #expect(cut([stream[..<place], stream[place...]]).lines == lines)
    }

    @Test("every cut in three gives the same lines")
    func cutInThree() {
        for segments in cutsInThree(stream) { #expect(cut(segments).lines == lines) }
    }

    @Test("single bytes give the same lines")
    func singleBytes() {
        #expect(cut(stream.indices.map { stream[$0...$0] }).lines == lines)
    }

    @Test("a line is not there before its newline, and is held only until then")
    func completesAtItsNewline() {
        var framer = LineFramer(limit: Limits.helloLine)
        _ = framer.take(Array("LIST".utf8).span) { _, _ in Issue.record("too early") }
        #expect(framer.isInLine)
        var seen: [UInt8]?
        _ = framer.take([0x0A].span) { _, line in seen = line.bytes }
        #expect(seen == Array("LIST".utf8))
        #expect(!framer.isInLine)
    }

    @Test(
        "262,144 bytes are a line, one more is too long, however they come",
        arguments: [Limits.helloLine, 65_536, 100_000, 1000]
    )
    func longLines(segment: Int) {
        let longest = [UInt8](repeating: 0x78, count: Limits.helloLine) + [0x0A]
        let whole = cut(segments(longest, of: segment))
        #expect(whole.lines == [longest.dropLast()])
        #expect(whole.tooLong == 0)
        let over = cut(segments([0x78] + longest.dropLast(), of: segment))
        #expect(over.lines == [])
        #expect(over.tooLong == 1)
    }

    @Test("a line is too long with one byte more than the limit, before its newline comes")
    func tooLong() {
        let line = [UInt8](repeating: 0x78, count: 8)
        #expect(cut([(line + [0x0A])[...]], limit: 8) == CutLines([line]))
        #expect(cut([line[...], [0x78]], limit: 8) == CutLines(tooLong: 1))
        #expect(cut([(line + [0x78, 0x0A])[...]], limit: 8) == CutLines(tooLong: 1))
    }
}
