// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("When to look again whether a segment was taken")
struct LookPaceTests {
    /// The pauses of a wait that so many looks end.
    private func wait(_ pace: inout LookPace, looks: Int) -> [Int64] {
        let pauses = (0..<looks).map { _ in pace.next() }
        pace.noteMove()
        return pauses
    }

    @Test("the first looks follow at once, then the pauses double")
    func atOnce() {
        var pace = LookPace()
        let pauses = wait(&pace, looks: 30)
        #expect(pauses.prefix(20).allSatisfy { $0 == 0 })
        #expect(pauses[20...23] == [20_000, 40_000, 80_000, 160_000])
        #expect(pauses.last == 1_000_000)
    }

    @Test("several waits in vain make the next ones begin with a pause, one by itself does not")
    func patience() {
        var pace = LookPace()
        for _ in 0..<10 {
            for _ in 0..<3 { #expect(wait(&pace, looks: 21).first == 0) }
            #expect(wait(&pace, looks: 20).first == 0)
        }
        for _ in 0..<4 { #expect(wait(&pace, looks: 21).first == 0) }
        #expect(wait(&pace, looks: 2) == [20_000, 40_000])
    }

    @Test("now and then looks follow at once again, and that holds where they are not in vain")
    func triesAgain() {
        var pace = LookPace()
        for _ in 0..<4 { _ = wait(&pace, looks: 21) }
        for _ in 0..<64 { #expect(wait(&pace, looks: 1) == [20_000]) }
        // In vain: patient at once.
        #expect(wait(&pace, looks: 21).first == 0)
        for _ in 0..<64 { #expect(wait(&pace, looks: 1) == [20_000]) }
        // Not in vain: eager until it is so again several times.
        for _ in 0..<100 { #expect(wait(&pace, looks: 1) == [0]) }
    }

    @Test("what happens while nobody waits is no wait")
    func noWait() {
        var pace = LookPace()
        for _ in 0..<4 {
            _ = wait(&pace, looks: 21)
            pace.noteMove()
        }
        #expect(wait(&pace, looks: 1) == [20_000])
    }
}
