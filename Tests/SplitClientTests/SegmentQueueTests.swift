// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText
import Specs
import Testing

@testable import SplitClient

@Suite("Input to segments")
struct SegmentQueueTests {
    private let line = Framing.line(terminator: [0x0A])

    private func segments(
        of blocks: [String], plan: CutPlan, framing: Framing?
    ) -> [String] {
        var queue = SegmentQueue(plan: plan, framing: framing)
        var segments: [String] = []
        func take() {
            while let segment = queue.takeNext() {
                segments.append(String(decoding: segment.bytes, as: UTF8.self))
            }
        }
        for block in blocks {
            queue.append(Array(block.utf8)[...])
            take()
        }
        queue.end()
        take()
        return segments
    }

    @Test("a message is the same however the input was read")
    func blocksDoNotMatter() {
        let plan = CutPlan.random(seed: 3, sizes: 1...4)
        let text = "one\nthree\n\nlast without an end"
        let whole = segments(of: [text], plan: plan, framing: line)
        #expect(whole.joined() == text)
        #expect(segments(of: text.map(String.init), plan: plan, framing: line) == whole)
    }

    @Test(
        "the examples of the page about cut plans are true",
        arguments: [
            ("whole", ["alpha\n", "beta\n"]),
            ("every:4", ["alph", "a\n", "beta", "\n"]),
            ("at:1,-1", ["a", "lpha", "\n", "b", "eta", "\n"]),
            ("straddle", ["alpha\nbe", "ta\n"]),
            ("straddle:-1", ["alpha\nbeta", "\n"]),
            ("coalesce:2", ["alpha\nbeta\n"]),
            ("delimiter", ["a", "lph", "a", "\n", "b", "et", "a", "\n"]),
        ])
    func examples(plan: String, segments expected: [String]) throws {
        let plan = try CutPlan(parsing: plan)
        #expect(segments(of: ["alpha\nbeta\n"], plan: plan, framing: line) == expected)
    }

    @Test("JSON values are messages, however the input was read")
    func json() {
        let text = #"{"a": "}"} {"b": [1]}"# + "\n"
        let expected = [#"{"#, #""a": "}"}"#, " ", #"{"b": [1]}"#, "\n"]
        let framing = Framing.json(JSONLimits())
        #expect(segments(of: [text], plan: .at([1]), framing: framing) == expected)
        let byByte = segments(of: text.map(String.init), plan: .at([1]), framing: framing)
        #expect(byByte == expected)
    }

    @Test("without a framing each block is a message")
    func noFraming() {
        let plan = CutPlan.at([1])
        #expect(segments(of: ["abc", "de"], plan: plan, framing: nil) == ["a", "bc", "d", "e"])
    }

    @Test("the edges of a frame are those of its text and of itself")
    func edges() {
        let framing = Framing.fixed(width: 8, padding: 0x20)
        let found = segments(of: ["abcd    "], plan: .delimiter, framing: framing)
        #expect(found == ["a", "bc", "d ", "  ", " "])
    }

    @Test("a line that never ends is cut off at 1 MiB, and nothing is lost")
    func endlessLine() {
        let block = String(repeating: "x", count: 65_536)
        let found = segments(
            of: Array(repeating: block, count: 20), plan: .whole, framing: line)
        #expect(found.map(\.utf8.count) == [1 << 20, 4 * 65_536])
    }

    @Test("messages that wait for company are released at 1 MiB")
    func boundedJoining() {
        let block = String(repeating: "x", count: 65_535) + "\n"
        let found = segments(
            of: Array(repeating: block, count: 20), plan: .coalesce(1000), framing: line)
        #expect(found.map(\.utf8.count) == [1 << 20, 4 * 65_536])
    }

    @Test("a cut is known from the end of a message")
    func cutsAndEnds() {
        var queue = SegmentQueue(plan: .every(2), framing: line)
        queue.append(Array("abc\nd\n".utf8)[...])
        #expect(queue.plannedCuts == 1)
        #expect(queue.takeNext()?.endsInCut == true)
        #expect(queue.takeNext()?.endsInCut == false)
        #expect(queue.takeNext()?.endsInCut == false)
        #expect(queue.takeNext() == nil)
    }
}
