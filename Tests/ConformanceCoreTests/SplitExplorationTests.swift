// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import ConformanceCore

@Suite("The order in which cuts are tried")
struct SplitExplorationTests {
    private static let plans: [[CutPlan]] = [
        [.bytes, .at([1]), .at([2])], [], [.bytes, .coalesce(2)],
    ]

    private func order(_ exploration: inout SplitExploration, atMost most: Int = 100) -> [String] {
        var order: [String] = []
        while order.count < most, let trial = exploration.next() {
            order.append("\(trial.place) \(trial.plan)")
            exploration.note(tried: trial.plan)
        }
        return order
    }

    @Test("the first plan of all cases comes before the second of any")
    func telling() {
        var exploration = SplitExploration(Self.plans)
        #expect(
            order(&exploration) == ["0 bytes", "2 bytes", "0 at:1", "2 coalesce:2", "0 at:2"])
        #expect(!exploration.hasMore)
        #expect(exploration.planned == 5)
        #expect(exploration.tried == 5)
    }

    @Test("what was left out is counted by family")
    func leftOut() {
        var exploration = SplitExploration(Self.plans)
        #expect(order(&exploration, atMost: 3).count == 3)
        #expect(exploration.counts[.pieces] == .init(planned: 2, tried: 2))
        #expect(exploration.counts[.pairs] == .init(planned: 2, tried: 1))
        #expect(exploration.counts[.coalesced] == .init(planned: 1, tried: 0))
        #expect(exploration.hasMore)
    }

    @Test("a suspected case is held back, and goes on where it was when it is cleared")
    func held() {
        var exploration = SplitExploration(Self.plans)
        #expect(order(&exploration, atMost: 1) == ["0 bytes"])
        exploration.hold(0)
        #expect(order(&exploration) == ["2 bytes", "2 coalesce:2"])
        #expect(!exploration.hasMore)
        exploration.clear(0)
        #expect(exploration.hasMore)
        #expect(order(&exploration) == ["0 at:1", "0 at:2"])
    }

    @Test("a case that comes late is tried before the others go on")
    func late() {
        var exploration = SplitExploration(cases: 3)
        #expect(!exploration.hasMore)
        exploration.add(Self.plans[0], at: 0)
        #expect(order(&exploration, atMost: 2) == ["0 bytes", "0 at:1"])
        exploration.add(Self.plans[2], at: 2)
        #expect(order(&exploration) == ["2 bytes", "2 coalesce:2", "0 at:2"])
        #expect(exploration.planned == 5)
    }

    @Test("what did not come to anything is handed out once more, before what follows it")
    func retried() {
        var exploration = SplitExploration(Self.plans)
        #expect(order(&exploration, atMost: 2) == ["0 bytes", "2 bytes"])
        exploration.retry(.bytes, at: 0)
        #expect(
            order(&exploration) == ["0 bytes", "2 coalesce:2", "0 at:1", "0 at:2"])
        #expect(exploration.planned == 5)
    }

    @Test("what was handed out and not run is not tried")
    func handedOut() {
        var exploration = SplitExploration(Self.plans)
        _ = exploration.next()
        #expect(exploration.tried == 0)
        exploration.note(planned: [.at([7])])
        #expect(exploration.planned == 6)
    }

    @Test("a broken case is done with")
    func finished() {
        var exploration = SplitExploration(Self.plans)
        exploration.finish(0)
        #expect(order(&exploration) == ["2 bytes", "2 coalesce:2"])
    }

    @Test("nothing to try is no endless loop")
    func empty() {
        var none = SplitExploration([])
        var bare = SplitExploration([[], []])
        #expect(none.next() == nil)
        #expect(bare.next() == nil)
    }
}
