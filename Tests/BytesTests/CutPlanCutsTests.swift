// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("CutPlan cuts")
struct CutPlanCutsTests {
    private static func frame(_ text: String) -> MessageToCut {
        let content = Array(text.utf8)
        let padding = [UInt8](repeating: 0x20, count: 200 - content.count)
        return MessageToCut(bytes: content + padding, contentLength: content.count)
    }

    private static func line(_ text: String) -> MessageToCut {
        MessageToCut(bytes: Array("\(text)\r\n".utf8), contentLength: text.utf8.count)
    }

    private static func cuts(_ plan: String, _ messages: [MessageToCut]) throws -> [Int] {
        try CutPlan(parsing: plan).cuts(of: messages)
    }

    @Test(
        "a frame is cut where the plan says",
        arguments: [
            ("whole", []), ("every:64", [64, 128, 192]), ("every:200", []), ("every:100", [100]),
            ("at:1,199", [1, 199]), ("at:-1", [199]), ("at:-199,5", [1, 5]), ("at:200,-200", []),
            ("at:250", []), ("at:3,3", [3]), ("straddle", []), ("coalesce:2", []),
            ("delimiter", [1, 4, 6, 199]),
        ] as [(String, [Int])]
    )
    func cutsOneFrame(plan: String, expected: [Int]) throws {
        #expect(try Self.cuts(plan, [Self.frame("hello")]) == expected)
    }

    @Test(
        "three frames in one run are cut where the plan says",
        arguments: [
            ("whole", []), ("straddle", [300]), ("straddle:1", [201]), ("straddle:-1", [399]),
            ("straddle:200", []), ("coalesce:1", [200, 400]), ("coalesce:2", [400]),
            ("coalesce:3", []), ("at:7", [7, 207, 407]), ("every:250", [250, 500]),
            ("delimiter", [1, 4, 6, 199, 201, 204, 206, 399, 401, 404, 406, 599]),
        ] as [(String, [Int])]
    )
    func cutsThreeFrames(plan: String, expected: [Int]) throws {
        let frames = ["hello", "there", "world"].map(Self.frame)
        #expect(try Self.cuts(plan, frames) == expected)
    }

    @Test("around a line's end, the cuts fall before, inside and after the delimiter")
    func cutsAroundDelimiters() throws {
        #expect(
            try Self.cuts("delimiter", [Self.line("abc"), Self.line("de")]) == [1, 2, 4, 6, 8]
        )
    }

    @Test("multi-byte characters are cut after their first byte, invalid bytes are not")
    func cutsCharacters() throws {
        let message = MessageToCut(bytes: Array("aé€😀".utf8) + [0xFF, 0xE2, 0x82])
        #expect(try Self.cuts("utf8", [message]) == [2, 4, 7])
    }

    @Test("JSON is cut inside each key, string, word and number, and in characters and escapes")
    func tokens() throws {
        let message = MessageToCut(bytes: Array(#"{"key":null,"é":[-15,"\""]}"#.utf8))
        // "key" at 1, null at 7, "é" at 12, -15 at 18, the last string at 22.
        #expect(
            try Self.cuts("tokens", [message])
                == [2, 3, 8, 9, 13, 14, 19, 23, 24])
    }

    @Test("JSON escapes are cut after the backslash, in the digits and between surrogates")
    func cutsEscapes() throws {
        let message = MessageToCut(bytes: Array(#"a\n\\u\u0041\ud83d\ude00\u1"#.utf8))
        #expect(try Self.cuts("escape", [message]) == [2, 4, 7, 10, 13, 16, 18, 19, 22, 25])
    }

    @Test("random cuts depend on the seed and the place in the stream, and on nothing else")
    func randomReplays() {
        let messages = [Self.frame("one"), Self.frame("two")]
        let other = [Self.frame("six"), Self.frame("ten")]
        let plan = CutPlan.random(seed: 5, sizes: 1...64)
        #expect(plan.cuts(of: messages) == plan.cuts(of: other))
        #expect(plan.cuts(of: messages) != plan.cuts(of: messages, streamOffset: 400))
        #expect(
            plan.cuts(of: messages) != CutPlan.random(seed: 6, sizes: 1...64).cuts(of: messages)
        )
    }

    @Test("random segments have the sizes that the plan allows, the last one aside")
    func randomSizes() {
        let run = [MessageToCut(bytes: [UInt8](repeating: 0, count: 10_000))]
        let segments = CutPlan.random(seed: 1, sizes: 3...5).segments(of: run)
        #expect(Set(segments.dropLast().map(\.count)) == [3, 4, 5])
    }

    @Test("only straddling and coalescing join messages")
    func joins() throws {
        let joined = ["whole", "every:3", "delimiter", "straddle", "straddle:-1", "coalesce:4"]
        let counts = try joined.map { try CutPlan(parsing: $0).joinedMessages }
        #expect(counts == [1, 1, 1, 2, 2, 4])
    }

    @Test("a content length outside of the message is brought inside")
    func contentLengthIsBounded() {
        #expect(MessageToCut(bytes: [1, 2], contentLength: 9).contentLength == 2)
        #expect(MessageToCut(bytes: [1, 2], contentLength: -9).contentLength == 0)
    }
}
