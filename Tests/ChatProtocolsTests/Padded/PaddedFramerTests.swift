// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Cutting padded's stream")
struct PaddedFramerTests {
    /// Three frames that differ, and half a fourth.
    private let stream = (0..<700).map { (place: Int) -> UInt8 in
        let frame = place / 200
        return UInt8(frame * 50 + place % 7)
    }
    private var frames: [[UInt8]] {
        [Array(stream[0..<200]), Array(stream[200..<400]), Array(stream[400..<600])]
    }

    private func cut(_ segments: [ArraySlice<UInt8>]) -> [[UInt8]] {
        var framer = PaddedFramer()
        var frames: [[UInt8]] = []
        for segment in segments {
            var rest = segment
            while !rest.isEmpty {
                let taken = framer.take(rest.span) { frames.append($0.bytes) }
                #expect(taken > 0)
                rest = rest.dropFirst(taken)
            }
        }
        return frames
    }

    @Test("every cut in two gives the same frames", arguments: 0...700)
    func cutInTwo(at place: Int) {
        #expect(cut([stream[..<place], stream[place...]]) == frames)
    }

    @Test("single bytes give the same frames")
    func singleBytes() {
        #expect(cut(stream.indices.map { stream[$0...$0] }) == frames)
    }

    @Test("segments of any length give the same frames", arguments: [3, 7, 199, 200, 201, 300])
    func segments(of length: Int) {
        let starts = stride(from: 0, to: stream.count, by: length)
        #expect(cut(starts.map { stream[$0..<min($0 + length, stream.count)] }) == frames)
    }

    @Test("a frame is not there at 199 bytes, and is at 200")
    func completesAtItsLastByte() {
        #expect(cut([stream[..<199]]).isEmpty)
        #expect(cut([stream[..<199], stream[199...199]]) == [frames[0]])
    }

    @Test("memory is held only while a frame is incomplete")
    func knowsWhetherItIsInAFrame() {
        var framer = PaddedFramer()
        let (frame, first, rest) = (stream[..<200], stream[..<1], stream[1..<200])
        _ = framer.take(frame.span) { _ in }
        #expect(!framer.isInFrame)
        _ = framer.take(first.span) { _ in }
        #expect(framer.isInFrame)
        _ = framer.take(rest.span) { _ in }
        #expect(!framer.isInFrame)
    }
}
