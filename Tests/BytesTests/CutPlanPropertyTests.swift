// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("CutPlan properties")
struct CutPlanPropertyTests {
    private static let longest = 24

    private static var plans: [CutPlan] {
        let listed: [CutPlan] = [
            .whole, .bytes, .every(1), .every(7), .every(1_000), .at([1, -1, 5, 500, -500]),
            .straddle(nil), .coalesce(1), .coalesce(2), .coalesce(9), .utf8, .escape, .tokens,
            .delimiter, .parts(2), .parts(3), .parts(8),
            .random(seed: 1, sizes: 1...64), .random(seed: 2, sizes: 1...1),
            .random(seed: 3, sizes: 5...6),
        ]
        return listed + CutFamily.allCases.flatMap { $0.members(longestMessage: longest) }
    }

    /// Messages of every length, of bytes that all plans find something in.
    private static func messages(_ lengths: [Int]) -> [MessageToCut] {
        let pattern = Array(#"é\n😀\ud83d\ude00 "#.utf8)
        return lengths.map { length in
            let bytes = (0..<length).map { pattern[$0 % pattern.count] }
            return MessageToCut(bytes: bytes, contentLength: length / 2)
        }
    }

    @Test("offsets are sorted, single and inside; the segments are the stream", arguments: plans)
    func cutsAreSound(plan: CutPlan) {
        for length in 0...Self.longest {
            for lengths in [[], [length], [length, 3], [0, length, 1, length]] {
                check(plan, Self.messages(lengths))
            }
        }
    }

    private func check(_ plan: CutPlan, _ messages: [MessageToCut]) {
        let stream = messages.flatMap(\.bytes)
        let cuts = plan.cuts(of: messages, streamOffset: 11)
        #expect(cuts == Set(cuts).sorted())
        #expect(cuts.allSatisfy { $0 > 0 && $0 < stream.count })
        let segments = plan.segments(of: messages, streamOffset: 11)
        #expect(segments.flatMap { Array($0) } == stream)
        #expect(!segments.contains { $0.isEmpty })
        #expect(segments.count == (stream.isEmpty ? 0 : cuts.count + 1))
    }

    @Test("the plans of a family cut every place inside a message, each once")
    func familiesCutEveryPlace() {
        for length in 2...Self.longest {
            let messages = Self.messages([length, length])
            let pairs = CutFamily.pairs.members(longestMessage: length).flatMap {
                $0.cuts(of: [messages[0]])
            }
            #expect(pairs == Array(1..<length))
            let straddles = CutFamily.straddles.members(longestMessage: length).flatMap {
                $0.cuts(of: messages)
            }
            #expect(straddles == Array(length + 1..<2 * length))
        }
    }

    @Test("a description always reads back", arguments: plans)
    func descriptionsReadBack(plan: CutPlan) throws {
        #expect(try CutPlan(parsing: plan.description) == plan)
    }
}
