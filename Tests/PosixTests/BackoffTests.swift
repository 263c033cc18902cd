// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test("looks follow at once at first, then ever more slowly, up to a bound")
    func backoff() {
        var backoff = Backoff(immediate: 2, first: 10, longest: 50)
        #expect((0..<6).map { _ in backoff.next() } == [0, 0, 10, 20, 40, 50])
        backoff.reset()
        #expect(backoff.next() == 0)
        for _ in 0..<200 { _ = backoff.next() }
        #expect(backoff.next() == 50)
    }

    private func looks(_ count: Int, of backoff: inout Backoff) -> Int {
        let atOnce = (0..<count).count { _ in backoff.next() == 0 }
        backoff.found()
        return atOnce
    }

    @Test("looks that are in vain become fewer, and all are tried again now and then")
    func inVain() {
        var backoff = Backoff(immediate: 24, first: 10)
        #expect((0..<2).map { _ in looks(20, of: &backoff) } == [20, 20])
        #expect((0..<6).map { _ in looks(30, of: &backoff) } == [24, 12, 6, 3, 3, 3])
        for _ in 8..<16 { _ = looks(30, of: &backoff) }
        #expect(looks(30, of: &backoff) == 24)
    }

    @Test("who never looks at once does not begin to")
    func crowded() {
        var backoff = Backoff(immediate: 0, first: 10)
        #expect((0..<40).reduce(0) { sum, _ in sum + looks(3, of: &backoff) } == 0)
    }
}
