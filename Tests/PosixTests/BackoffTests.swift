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
}
