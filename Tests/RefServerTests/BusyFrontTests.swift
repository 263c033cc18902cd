// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RefServer

@Suite("Whether the descriptors that were served last are asked alone")
struct BusyFrontTests {
    /// Asking a thousand costs 200 µs, of which the rules are multiples.
    private let cost: Int64 = 200_000

    private func front(ready: Int, of descriptors: Int = 1000) -> BusyFront {
        var front = BusyFront()
        front.noteAll(ready: ready, of: descriptors, now: 0)
        return front
    }

    @Test("where few of many were ready, for as long as asking all costs")
    func fewOfMany() {
        var front = front(ready: 1)
        #expect(front.patience(among: 1000, now: 10) == cost)
    }

    @Test("where many were ready, all are asked")
    func many() {
        var front = front(ready: 100)
        #expect(front.patience(among: 1000, now: 10) == nil)
    }

    @Test("where there are few, all are asked")
    func few() {
        var front = front(ready: 1, of: 100)
        #expect(front.patience(among: 100, now: 10) == nil)
    }

    @Test("however busy the front is, all are asked before long")
    func fairness() {
        var front = front(ready: 1)
        for turn in 0..<8 {
            #expect(front.patience(among: 1000, now: Int64(turn) * cost / 2) == cost)
            front.noteFront(ready: 1)
        }
        #expect(front.patience(among: 1000, now: 4 * cost) == nil)
        front.noteAll(ready: 1, of: 1000, now: 5 * cost)
        #expect(front.patience(among: 1000, now: 6 * cost) == cost)
    }

    @Test("where the front had nothing, some turns ask all at once")
    func vain() {
        var front = front(ready: 1)
        #expect(front.patience(among: 1000, now: 10) == cost)
        front.noteFront(ready: 0)
        var turns = 0
        while front.patience(among: 1000, now: 10) == nil, turns < 100 { turns += 1 }
        #expect(turns == 8)
    }
}
