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

    @Test("a thread that shares its processor with others has waited")
    func ownThread() throws {
        let burning = "for i in 1 2 3 4; do while :; do :; done & done; wait"
        let children = try (0..<4).map { _ in try Child(Command(["sh", "-c", burning])) }
        defer { for child in children { child.killAll() } }
        let before = ProcessorWait.ofThisThread
        let deadline = MonotonicClock.deadline(after: 300_000_000_000)
        while ProcessorWait.ofThisThread.waited < before.waited + 1_000_000,
            MonotonicClock.now < deadline
        {}
        let after = ProcessorWait.ofThisThread
        #expect(after.waited >= before.waited + 1_000_000)
        #expect(after.ran == 0)
        #expect(!after.isRunnable)
    }
}
