// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite("How many threads a child has")
struct ThreadCountTests {
    @Test("threads of a child and of its descendants are counted")
    func threads() throws {
        let program = "import threading; e = threading.Event(); "
        let more = "[threading.Thread(target=e.wait).start() for _ in range(3)]; e.wait()"
        // The shell, and a program with the thread that it began with and three more; where python3
        // is a script that looks for the right one, there may be others besides.
        let child = try Child(Command(["sh", "-c", "python3 -c '\(program)\(more)' & wait"]))
        defer { child.killAll() }
        let deadline = MonotonicClock.deadline(after: 300_000_000_000)
        while child.threadCount < 5, MonotonicClock.now < deadline {
            _ = try child.wait(until: MonotonicClock.deadline(after: 5_000_000))
        }
        #expect(child.threadCount >= 5)
    }

    @Test("a child with one thread has one")
    func one() throws {
        let child = try Child(Command(["sleep", "600"]))
        defer { child.killAll() }
        #expect(child.threadCount == 1)
    }

    @Test("a process that is gone has none")
    func gone() throws {
        let child = try Child(Command(["true"]))
        _ = try child.wait(until: MonotonicClock.deadline(after: 300_000_000_000))
        #expect(child.threadCount == 0)
    }
}
