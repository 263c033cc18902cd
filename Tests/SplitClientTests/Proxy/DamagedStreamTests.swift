// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText
import Specs
import Testing

@testable import SplitClient

@Suite("Streams of damaged messages, in segments that do not wait for their message")
struct DamagedStreamTests {
    private static let plans = [
        "whole", "bytes", "every:4", "at:1", "at:1,3", "at:1,-1", "straddle", "coalesce:2",
        "parts:3", "random:5:1-6", "utf8", "tokens", "delimiter",
    ]

    /// Objects of which one byte in a hundred is another.
    private func damaged(_ generator: inout SeededGenerator) -> [UInt8] {
        let alphabet = Array("{}[]\":,\\ x1t\n".utf8)
        let objects = (0..<12).flatMap { Array("{\"type\":\"say\",\"n\":[\($0)]}\n".utf8) }
        return objects.map { byte in
            let isDamaged = generator.next(below: 100) == 0
            return isDamaged ? alphabet[generator.next(below: alphabet.count)] : byte
        }
    }

    private func blocks(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(1 + generator.next(below: 40))
            blocks.append(Array(block))
            rest = rest.dropFirst(block.count)
        }
        return blocks
    }

    /// The segments that leave, and what is recorded; `flushes` says whether time is up.
    private func run(
        _ plan: CutPlan, _ framing: Framing, _ blocks: [[UInt8]], flushes: () -> Bool = { false }
    ) -> (segments: [[UInt8]], record: CutRecord) {
        var queue = SegmentQueue(plan: plan, framing: framing, isTimely: true)
        var segments: [[UInt8]] = []
        for block in blocks {
            queue.append(block[...])
            if flushes() { queue.flush() }
            while let segment = queue.takeNext() { segments.append(Array(segment.bytes)) }
        }
        queue.end()
        while let segment = queue.takeNext() { segments.append(Array(segment.bytes)) }
        return (segments, queue.takeRecord())
    }

    @Test("no byte is another, and the ends do not depend on how they came", arguments: plans)
    func json(plan text: String) throws {
        let plan = try CutPlan(parsing: text)
        let framing = Framing.json(JSONLimits())
        for seed in 1...40 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let stream = damaged(&generator)
            let whole = run(plan, framing, [stream])
            #expect(Array(whole.segments.joined()) == stream)
            for pieces in [stream.map { [$0] }, blocks(stream, &generator)] {
                let calm = run(plan, framing, pieces)
                #expect(calm.segments == whole.segments)
                #expect(calm.record == whole.record)
                let hurried = run(plan, framing, pieces) { generator.next(below: 3) == 0 }
                #expect(Array(hurried.segments.joined()) == stream)
                #expect(hurried.record.ends == whole.record.ends)
            }
        }
    }

    @Test("what was sent of a string is not sent again when the string turns out to be none")
    func string() throws {
        let blocks = [Array("{\"text\":\"hello}\n{\"t".utf8), Array("ype\":\"x\"}\n".utf8)]
        let result = run(.bytes, .json(JSONLimits()), blocks)
        #expect(result.segments == blocks.joined().map { [$0] })
        #expect(result.record.ends == Array(1...29))
    }

    @Test("a message without an end is let go at 1 MiB, however it came")
    func endless() {
        let size = 3 << 19
        let line = [UInt8](repeating: 0x78, count: size) + [0x0A]
        let string = Array("[\"".utf8) + [UInt8](repeating: 0x78, count: size)
        for (framing, stream) in [
            (Framing.line(terminator: [0x0A]), line), (.json(JSONLimits()), string),
        ] {
            for width in [1 << 16, 1000, stream.count] {
                let blocks = stride(from: 0, to: stream.count, by: width)
                    .map { Array(stream[$0..<min($0 + width, stream.count)]) }
                let result = run(.whole, framing, blocks)
                #expect(result.record.ends == [1 << 20, stream.count])
            }
        }
    }
}
