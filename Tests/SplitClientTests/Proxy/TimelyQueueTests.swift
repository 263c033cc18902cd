// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs
import Testing

@testable import SplitClient

@Suite("Segments that do not wait for their message")
struct TimelyQueueTests {
    private let line = Framing.line(terminator: [0x0A])
    private let text = Array("alpha\nbe\ngamma delta\n\nlast".utf8)

    /// What leaves, and what is recorded; `flushAt` are the blocks after which time is up.
    private func run(
        _ queue: SegmentQueue, _ blocks: [[UInt8]], flushAt: Set<Int> = []
    ) -> (segments: [String], record: CutRecord, planned: Int) {
        var queue = queue
        var segments: [String] = []
        func take() {
            while let segment = queue.takeNext() {
                segments.append(String(decoding: segment.bytes, as: UTF8.self))
            }
        }
        for (index, block) in blocks.enumerated() {
            queue.append(block[...])
            take()
            if flushAt.contains(index) { queue.flush() }
            take()
        }
        queue.end()
        take()
        return (segments, queue.takeRecord(), queue.plannedCuts)
    }

    private func queue(_ plan: String, _ framing: Framing?) throws -> SegmentQueue {
        SegmentQueue(plan: try CutPlan(parsing: plan), framing: framing, isTimely: true)
    }

    @Test(
        "the ends do not depend on blocks, nor on what time has forced",
        arguments: [
            "bytes", "every:4", "at:1,3", "at:1,-1", "straddle", "straddle:-1", "coalesce:2",
            "coalesce:3", "parts:3", "random:5:1-6", "utf8", "delimiter",
        ])
    func endsArePure(plan: String) throws {
        let whole = run(try queue(plan, line), [text])
        #expect(whole.record.flushes == [])
        #expect(whole.record.ends.last == text.count)
        for size in 1...7 {
            let blocks = stride(from: 0, to: text.count, by: size)
                .map { Array(text[$0..<min($0 + size, text.count)]) }
            let calm = run(try queue(plan, line), blocks)
            #expect(calm.record == whole.record)
            #expect(calm.segments == whole.segments)
            let every = Set(blocks.indices)
            let hurried = run(try queue(plan, line), blocks, flushAt: every)
            #expect(hurried.record.ends == whole.record.ends)
            #expect(hurried.segments.joined() == String(decoding: text, as: UTF8.self))
            // Segments end where the record says, and nowhere else.
            let said = Set(hurried.record.ends).union(hurried.record.flushes)
                .subtracting(hurried.record.missed)
            #expect(ends(hurried.segments) == said.sorted())
        }
    }

    private func ends(_ segments: [String]) -> [Int] {
        var offset = 0
        return segments.map { segment in
            offset += segment.utf8.count
            return offset
        }
    }

    @Test("a segment leaves as soon as its end is known, long before its message is whole")
    func early() throws {
        var queue = try queue("every:3", line)
        queue.append(Array("abcdefgh".utf8)[...])
        #expect(queue.takeNext()?.bytes.count == 3)
        #expect(queue.takeNext()?.bytes.count == 3)
        #expect(queue.takeNext() == nil)
        #expect(queue.isHolding)
        queue.flush()
        #expect(queue.takeNext()?.bytes.count == 2)
        #expect(!queue.isHolding)
        queue.append(Array("ij\n".utf8)[...])
        #expect(queue.takeNext().map { Array($0.bytes) } == Array("i".utf8))
        #expect(queue.takeNext().map { Array($0.bytes) } == Array("j\n".utf8))
        #expect(queue.takeRecord() == CutRecord(ends: [3, 6, 9, 11], flushes: [8]))
        #expect(queue.plannedCuts == 3)
    }

    @Test("a flush of half a message takes its cuts along: they are missed, the later ones are not")
    func missed() throws {
        let result = run(
            try queue("at:2,-2", line), [Array("abcd".utf8), Array("efgh\n".utf8)], flushAt: [0])
        #expect(result.segments == ["abcd", "efg", "h\n"])
        #expect(result.record == CutRecord(ends: [2, 7, 9], flushes: [4], missed: [2]))
        #expect(result.planned == 2)
    }

    @Test("who waits for company is let go, and the group ends where it would have ended")
    func coalescing() throws {
        let lines = ["a\n", "b\n", "c\n"].map { Array($0.utf8) }
        let result = run(try queue("coalesce:2", line), lines, flushAt: [0])
        #expect(result.segments == ["a\n", "b\n", "c\n"])
        #expect(result.record == CutRecord(ends: [4, 6], flushes: [2]))
    }

    @Test("a stream without messages is cut at the same offsets however it comes")
    func endless() throws {
        let cuts = try #require(EarlyCuts(of: .every(5)))
        let whole = run(SegmentQueue(endless: cuts), [text])
        #expect(whole.record.ends == [5, 10, 15, 20, 25, 26])
        let bytes = run(SegmentQueue(endless: cuts), text.map { [$0] })
        #expect(bytes.segments == whole.segments)
        let hurried = run(SegmentQueue(endless: cuts), text.map { [$0] }, flushAt: [6, 7, 24])
        #expect(hurried.record == CutRecord(ends: whole.record.ends, flushes: [7, 8]))
        #expect(hurried.segments.map(\.utf8.count) == [5, 2, 1, 2, 5, 5, 5, 1])
    }

    @Test("behind the last of given offsets all goes as it comes, and is not recorded")
    func listed() {
        let queue = SegmentQueue(endless: EarlyCuts(at: [4, 6]))
        let result = run(queue, [Array(text[..<5]), Array(text[5..<12]), Array(text[12...])])
        #expect(result.segments.map(\.utf8.count) == [4, 2, 6, 14])
        #expect(result.record == CutRecord(ends: [4, 6]))
    }

    @Test("a given offset far away holds no more than 1 MiB")
    func bounded() {
        var queue = SegmentQueue(endless: EarlyCuts(at: [1 << 30]))
        for _ in 0..<40 { queue.append([UInt8](repeating: 0x78, count: 65_536)[...]) }
        var sizes: [Int] = []
        while let segment = queue.takeNext() { sizes.append(segment.bytes.count) }
        #expect(sizes == [1 << 20, 1 << 20])
    }

    @Test("where blocks are the messages the ends are recorded apart")
    func blocks() throws {
        let result = run(try queue("at:1", nil), [[1, 2], [3, 4]])
        #expect(result.record == CutRecord(blocks: [1, 2, 3, 4]))
    }
}
