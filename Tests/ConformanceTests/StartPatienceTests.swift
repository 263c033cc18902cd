// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@testable import Conformance

@Suite("How long a server may take to listen")
struct StartPatienceTests {
    private let second: Int64 = 1_000_000_000

    /// What is left of five seconds after `seconds`, looked at ten times a second.
    private func left(after seconds: Int64, _ look: (Int64) -> ProcessorWait) -> Int64 {
        var patience = StartPatience(of: 5 * second, at: 0)
        var left: Int64 = 0
        for tenth in 0...(seconds * 10) {
            let time = tenth * second / 10
            left = patience.left(at: time) { look(time) }
        }
        return left / (second / 10)
    }

    @Test("a server that sleeps or works is given no more than its limit")
    func own() {
        #expect(left(after: 3) { _ in ProcessorWait(ran: 0, waited: 0, isRunnable: false) } == 20)
        #expect(left(after: 5) { _ in ProcessorWait(ran: 0, waited: 0, isRunnable: false) } == 0)
        #expect(left(after: 6) { ProcessorWait(ran: $0, waited: 0, isRunnable: true) } == -10)
    }

    @Test("the time in which it waited for a processor does not count")
    func starved() {
        let waiting = left(after: 20) { time in
            ProcessorWait(ran: time / 10, waited: time - time / 10, isRunnable: true)
        }
        #expect(waiting == 30)
    }

    @Test("a machine that never gives it a processor does not make it endless")
    func bounded() {
        #expect(left(after: 126) { _ in ProcessorWait(ran: 0, waited: 0, isRunnable: true) } < 0)
    }
}
