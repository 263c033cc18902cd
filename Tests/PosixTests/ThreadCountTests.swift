// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite("How many threads a child has")
struct ThreadCountTests {
    @Test("threads of a child and of its descendants are counted")
    func threads() throws {
        let program = "import threading; e = threading.Event(); "
        let more = "[threading.Thread(target=e.wait).start() for _ in range(3)]; "
        let word = "print(1, flush=True); e.wait()"
        // The shell, and a program with the thread that it began with and three more. Whoever
        // counts before its word counts what looks for the right python3, too.
        var command = Command(["sh", "-c", "python3 -c '\(program)\(more)\(word)' & wait"])
        command.output = .pipe
        let child = try Child(command)
        defer { child.killAll() }
        _ = try reading(#require(child.output)) { $0.last == UInt8(ascii: "\n") }
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
