// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bytes

@Suite("Cuts that are known early")
struct EarlyCutsTests {
    @Test(
        "they are the cuts of the whole message",
        arguments: ["bytes", "every:7", "at:5,1,300", "random:3", "random:9:2-5"])
    func agree(plan: String) throws {
        let plan = try CutPlan(parsing: plan)
        for (length, offset) in [(1, 0), (7, 0), (200, 13), (1000, 4096)] {
            let message = MessageToCut(bytes: [UInt8](repeating: 0x78, count: length))
            let whole = plan.cuts(of: [message], streamOffset: offset)
            let early = try #require(EarlyCuts(of: plan, streamOffset: offset))
            #expect(early.cuts(inside: length) == whole)
        }
    }

    @Test(
        "a plan that looks at the end or at the content is not known early",
        arguments: ["whole", "at:1,-1", "straddle", "coalesce:2", "parts:3", "utf8", "delimiter"])
    func late(plan: String) throws {
        #expect(EarlyCuts(of: try CutPlan(parsing: plan)) == nil)
    }

    @Test("offsets that are given are the cuts, and there are no others")
    func listed() {
        var cuts = EarlyCuts(at: [3, 8])
        #expect(cuts.next == 3)
        cuts.advance()
        #expect(cuts.next == 8)
        cuts.advance()
        cuts.advance()
        #expect(cuts.next == nil)
    }
}
