// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite("How long processes ran and waited")
struct ProcessorWaitTests {
    @Test("what a child and its descendants run is counted")
    func descendants() throws {
        let child = try Child(Command(["sh", "-c", "while :; do :; done & wait"]))
        defer { child.killAll() }
        let deadline = MonotonicClock.deadline(after: 300_000_000_000)
        while child.processorWait.ran < 50_000_000, MonotonicClock.now < deadline {
            _ = try child.wait(until: MonotonicClock.deadline(after: 5_000_000))
        }
        let look = child.processorWait
        #expect(look.ran >= 50_000_000)
        #expect(look.isRunnable)
    }

    @Test("of a process that is gone nothing is told")
    func gone() throws {
        let child = try Child(Command(["true"]))
        _ = try child.wait(until: MonotonicClock.deadline(after: 300_000_000_000))
        #expect(child.processorWait == ProcessorWait(ran: 0, waited: 0, isRunnable: false))
    }
}
