// SPDX-License-Identifier: Apache-2.0

import Posix
import Synchronization
import Testing

@Suite("Teams of threads", .timeLimit(.minutes(5)))
struct WorkTeamTests {
    /// Takes results until there are so many.
    private func results<Output>(_ count: Int, of team: WorkTeam<Int, Output>) throws -> [Output] {
        var results: [Output] = []
        while results.count < count {
            var poller = Poller()
            _ = poller.add(team.descriptor, .readable)
            #expect(try poller.wait(nanoseconds: 20_000_000_000) == 1)
            results += team.takeResults()
        }
        return results
    }

    @Test("one thread does everything in its order")
    func order() throws {
        let team = try WorkTeam<Int, Int>(threads: 1, limit: 1000) { $0 * 2 }
        for number in 0..<1000 { #expect(team.submit(number)) }
        #expect(try results(1000, of: team) == (0..<1000).map { $0 * 2 })
    }

    @Test("several threads do everything once")
    func several() throws {
        let team = try WorkTeam<Int, Int>(threads: 3, limit: 1000, inBackground: true) { $0 }
        for number in 0..<1000 { #expect(team.submit(number)) }
        #expect(try results(1000, of: team).sorted() == Array(0..<1000))
    }

    @Test("threads in the background give way to others")
    func background() throws {
        let own = try #require(ScheduledThread.current)
        let team = try WorkTeam<Int, ScheduledThread?>(threads: 1, limit: 1, inBackground: true) {
            _ in ScheduledThread.current
        }
        #expect(team.submit(0))
        let thread = try #require(try results(1, of: team)[0])
        #expect(thread.nice == min(19, own.nice + 10))
        // SCHED_BATCH, of sched(7).
        #expect(thread.policy == 3)
    }

    @Test("what is too much is refused, and room comes back")
    func bounds() throws {
        let gate = Gate()
        let team = try WorkTeam<Int, Int>(threads: 1, limit: 2) {
            gate.wait()
            return $0
        }
        #expect(team.submit(0))
        gate.waitForWaiter()
        #expect(team.submit(1))
        #expect(team.submit(2))
        #expect(!team.submit(3))
        gate.open()
        #expect(try results(3, of: team) == [0, 1, 2])
        #expect(team.submit(4))
        #expect(try results(1, of: team) == [4])
    }

    @Test("its end waits for what is in work, forgets the rest, and refuses more")
    func ends() throws {
        let done = Mutex<[Int]>([])
        let gate = Gate()
        let team = try WorkTeam<Int, Int>(threads: 1, limit: 10) { number in
            gate.wait()
            done.withLock { $0.append(number) }
            return number
        }
        for number in 0..<10 { #expect(team.submit(number)) }
        gate.waitForWaiter()
        gate.open()
        team.end()
        team.end()
        #expect(done.withLock { $0.first } == 0)
        #expect(!team.submit(1))
    }
}

/// Holds threads until it is opened.
private final class Gate: Sendable {
    private let state = Mutex((isOpen: false, hasWaiter: false))

    func open() { state.withLock { $0.isOpen = true } }

    func wait() {
        state.withLock { $0.hasWaiter = true }
        while !state.withLock({ $0.isOpen }) { pause() }
    }

    func waitForWaiter() {
        while !state.withLock({ $0.hasWaiter }) { pause() }
    }

    private func pause() {
        var poller = Poller()
        _ = try? poller.wait(nanoseconds: 100_000)
    }
}

/// How the thread that asks is scheduled: `nice` and `policy` of proc_pid_stat(5).
private struct ScheduledThread {
    let nice: Int
    let policy: Int

    static var current: ScheduledThread? {
        guard let text = try? Files.read("/proc/thread-self/stat"),
            let name = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        // The first behind the name, which may hold anything, is the third.
        let fields = text[(name + 1)...].split(separator: UInt8(ascii: " "))
            .map { Int(String(decoding: $0, as: UTF8.self)) }
        guard fields.count > 38, let nice = fields[16], let policy = fields[38] else { return nil }
        return ScheduledThread(nice: nice, policy: policy)
    }
}
