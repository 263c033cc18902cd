// SPDX-License-Identifier: Apache-2.0

import Bytes
import TestSupport
import Testing

@testable import ConformanceCore

@Suite("The plans that a case is tried under")
struct SplitPlansTests {
    private func shape(
        longest: Int, joinable: Int = 1, isFixed: Bool = true
    ) -> SplitShape {
        var shape = SplitShape()
        shape.longest = longest
        shape.longestInSteps = longest
        shape.total = longest
        shape.joinable = joinable
        shape.joinableInSteps = joinable
        shape.isFixed = isFixed
        return shape
    }

    private func plans(_ shape: SplitShape) -> [CutPlan] { SplitPlans(for: shape, seed: 7).plans }

    @Test("every two-part cut of a frame is there, each once")
    func pairsAreWhole() {
        let offsets = plans(shape(longest: 200)).compactMap { plan -> Int? in
            if case .at(let offsets) = plan, offsets.count == 1 { offsets[0] } else { nil }
        }
        #expect(offsets.count == 199)
        #expect(offsets.sorted() == Array(1...199))
    }

    @Test("few cuts come first, byte by byte next, and no plan comes twice")
    func orderAndOnce() {
        let found = plans(shape(longest: 200, joinable: 4))
        #expect(found.first == .coalesce(2))
        #expect(found.prefix(8).contains(.bytes))
        #expect(found.prefix(8).contains(.at([1])))
        #expect(Set(found).count == found.count)
        #expect(found.prefix(8).contains(.coalesce(2)))
        #expect(found.prefix(8).contains(.straddle(nil)))
    }

    @Test("neighbours are joined in every number there is, and where there are none not at all")
    func joins() {
        let joined = plans(shape(longest: 200, joinable: 5)).filter {
            SplitFamily(of: $0) == .coalesced
        }
        #expect(joined == [.coalesce(2), .coalesce(3), .coalesce(4), .coalesce(5)])
        let alone = plans(shape(longest: 200))
        #expect(alone.allSatisfy { $0.joinedMessages == 1 })
    }

    @Test("every beginning of the next frame rides along with the one before")
    func straddles() {
        let found = SplitPlans(
            for: shape(longest: 200, joinable: 2), seed: 7, straddles: .all)
        #expect(depths(found.plans).sorted() == Array(1...199))
        #expect(found.straddlesLeftOut == 0)
    }

    private func depths(_ plans: [CutPlan]) -> [Int] {
        plans.compactMap { plan in
            if case .straddle(let depth?) = plan { depth } else { nil }
        }
    }

    @Test("or the telling ones: both ends, half, everywhere a little, where contents end")
    func tellingStraddles() {
        var short = shape(longest: 200, joinable: 2)
        short.contentLengths = [8, 61]
        let found = SplitPlans(for: short, seed: 7)
        let depths = depths(found.plans)
        #expect(Set(depths).isSuperset(of: [1, 199, 100, 8, 61]))
        #expect(depths.count < 24)
        #expect(found.straddlesLeftOut == 199 - depths.count)
        #expect(found.plans.contains(.straddle(nil)))
        #expect(SplitPlans(for: shape(longest: 200), seed: 7).straddlesLeftOut == 0)
    }

    @Test("what looks at the content is there only where there is such content")
    func content() {
        var odd = shape(longest: 50, isFixed: false)
        #expect(plans(odd).allSatisfy { ![.utf8, .escape, .tokens].contains($0) })
        odd.isJSON = true
        odd.hasEscapes = true
        odd.hasLongCharacters = true
        #expect(Set(plans(odd)).isSuperset(of: [.utf8, .escape, .tokens]))
    }

    @Test("offsets in mid-message are those of what the steps send, or of everything if so wanted")
    func reach() {
        var quiet = shape(longest: 200, joinable: 2)
        quiet.longestInSteps = 0
        quiet.joinableInSteps = 1
        let telling = plans(quiet)
        #expect(Set(telling).isSuperset(of: [.bytes, .delimiter, .straddle(nil), .at([1])]))
        #expect(!telling.contains(.at([100])))
        let all = SplitPlans(for: quiet, seed: 7, straddles: .all, reach: .everything).plans
        #expect(Set(all).isSuperset(of: [.at([100]), .straddle(100)]))
        #expect(SplitPlans.reach(of: .at([100])) == .steps)
        #expect(SplitPlans.reach(of: .straddle(100)) == .steps)
        #expect(SplitPlans.reach(of: .parts(3)) == .steps)
        for plan in [CutPlan.bytes, .at([1]), .delimiter, .straddle(nil), .straddle(1)] {
            #expect(SplitPlans.reach(of: plan) == .everything)
        }
    }

    @Test("a case that sends nothing that could be cut has no plans")
    func nothing() {
        #expect(plans(shape(longest: 0)) == [])
        #expect(plans(shape(longest: 1)) == [])
    }

    @Test("offsets come by halves: the first few lie everywhere")
    func halving() {
        #expect(SplitPlans.offsets(inside: 9) == [5, 3, 7, 2, 4, 6, 8, 1])
    }

    @Test("of very long messages both ends are tried whole, and what is passed over is counted")
    func longMessages() {
        let length = 10_000
        let found = SplitPlans(for: shape(longest: length, isFixed: false), seed: 1)
        let offsets = SplitPlans.offsets(inside: length)
        #expect(Set(offsets).count == offsets.count)
        #expect(Set(offsets).isSuperset(of: Array(1...256) + Array(length - 256..<length)))
        #expect(offsets.allSatisfy { (1..<length).contains($0) })
        #expect(found.passedOver == length - 1 - offsets.count)
        #expect(SplitPlans(for: shape(longest: 2048), seed: 1).passedOver == 0)
    }

    @Test("a case that sends much is cut byte by byte last where time is limited")
    func muchIsLate() throws {
        var much = shape(longest: 200)
        much.total = 1 << 20
        #expect(plans(much).last == .bytes)
        #expect(plans(much).first != .bytes)
        let unlimited = SplitPlans(for: much, seed: 7, isTimeLimited: false).plans
        let place = try #require(unlimited.firstIndex(of: .bytes))
        #expect(place < 10)
        #expect(Set(unlimited) == Set(plans(much)))
    }

    @Test("the shape of a plan: its longest message, its longest run of sends, its own cuts")
    func shapeOfPlan() throws {
        let small = SmallSuite(
            """
            "requirements": ["must"], "steps": [
              { "peer": "alice", "do": "enter" },
              { "peer": "alice", "send": "one" }, { "peer": "alice", "send": "two" },
              { "peer": "alice", "expect": "x" }, { "peer": "alice", "send": "thr\\u00e9e" }]
            """)
        let shape = SplitShape(try #require(small.plans.first))
        #expect(shape.longest == 200)
        #expect(shape.isFixed)
        #expect(shape.joinable == 3)
        #expect(shape.longestInSteps == 200)
        #expect(shape.joinableInSteps == 3)
        #expect(shape.hasLongCharacters)
        #expect(!shape.hasOwnCuts)
        let own = SmallSuite(
            """
            "requirements": ["must"], "split": "at:3", "steps": [
              { "peer": "alice", "do": "enter" }, { "peer": "alice", "send": "one" }]
            """)
        #expect(SplitShape(try #require(own.plans.first)).hasOwnCuts)
    }
}
