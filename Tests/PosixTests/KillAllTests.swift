// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct KillAllTests {
    /// Starts a shell script that prints the process ids of what it leaves behind, one a line.
    private func start(
        _ script: String,
        ids count: Int,
        environment: [String: String] = [:]
    ) throws -> (Child, [Int32]) {
        var command = Command(["/bin/sh", "-c", script])
        command.environment = environment
        command.output = .pipe
        let child = try Child(command)
        let text = try reading(#require(child.output)) { bytes in
            bytes.count { $0 == UInt8(ascii: "\n") } == count
        }
        let ids = text.split(separator: "\n").compactMap { Int32($0) }
        guard ids.count == count else { throw NothingCame() }
        return (child, ids)
    }

    @Test func aChildAloneIsKilledFast() throws {
        let (child, ids) = try start("echo $$; exec sleep 1000", ids: 1)
        let begin = MonotonicClock.now
        #expect(child.killAll() == [])
        // The machine may be busy; alone it is well below 1 ms.
        #expect(MonotonicClock.now - begin < second)
        #expect(!exists(ids[0]))
        #expect(child.wait() == .signalled(.kill))
        #expect(child.killAll() == [])
    }

    @Test(
        "nothing is left, whatever sessions the descendants made",
        arguments: [
            "sleep 1000 & echo $!; wait",
            "setsid sh -c 'echo $$; exec sleep 1000' & wait",
            "(setsid sh -c 'echo $$; exec sleep 1000' &); sleep 1000",
            "(setsid sh -c '(setsid sh -c \"echo \\$\\$; exec sleep 1000\" &)' &); sleep 1000",
            "trap '' TERM HUP INT; (setsid sh -c 'echo $$; exec sleep 1000' &) ; sleep 1000",
        ]
    )
    func nothingIsLeft(script: String) throws {
        let (child, ids) = try start(script, ids: 1)
        #expect(exists(ids[0]))
        #expect(child.killAll() == [])
        #expect(!exists(ids[0]))
    }

    @Test func aDaemonThatOutlivedItsServerIsFound() throws {
        let (child, ids) = try start("(setsid sh -c 'echo $$; exec sleep 1000' &)", ids: 1)
        let deadline = MonotonicClock.deadline(after: 10 * second)
        #expect(try child.wait(until: deadline) == .exited(0))
        #expect(exists(ids[0]))
        #expect(child.killAll() == [])
        #expect(!exists(ids[0]))
    }

    @Test func theDaemonOfAnotherServerIsSpared() throws {
        let script = "(setsid sh -c 'echo $$; exec sleep 1000' &)"
        let (first, firstIDs) = try start(script, ids: 1)
        let (second, secondIDs) = try start(script, ids: 1)
        #expect(first.killAll() == [])
        #expect(!exists(firstIDs[0]))
        #expect(exists(secondIDs[0]))
        #expect(second.killAll() == [])
        #expect(!exists(secondIDs[0]))
    }

    @Test func aDaemonWithAClearedEnvironmentIsFoundBelowItsParent() throws {
        let script = "env -i /usr/bin/setsid /bin/sh -c 'echo $$; exec sleep 1000' & wait"
        let (child, ids) = try start(script, ids: 1)
        #expect(child.killAll() == [])
        #expect(!exists(ids[0]))
    }

    @Test func anOrphanWithAClearedEnvironmentIsFoundIfItCanBeOfNobodyElse() throws {
        try inItsOwnProcess("isolatedClearedEnvironment")
    }

    @Test(.enabled(if: isIsolated)) func isolatedClearedEnvironment() throws {
        let script = "(env -i /usr/bin/setsid /bin/sh -c 'echo $$; exec sleep 1000' &)"
        let (child, ids) = try start(script, ids: 1)
        _ = try child.wait(until: MonotonicClock.deadline(after: 10 * second))
        #expect(exists(ids[0]))
        #expect(child.killAll() == [])
        #expect(!exists(ids[0]))
    }

    @Test func orphansThatCouldBeOfSeveralAreKilledWithTheLastOfThem() throws {
        try inItsOwnProcess("isolatedOrphansOfSeveral")
    }

    @Test(.enabled(if: isIsolated)) func isolatedOrphansOfSeveral() throws {
        let script = "(env -i /usr/bin/setsid /bin/sh -c 'echo $$; exec sleep 1000' &)"
        let rounds = 24
        let team = try WorkTeam<Int, Int32?>(threads: 4, limit: rounds) { _ in
            guard let (child, ids) = try? start(script, ids: 1) else { return nil }
            _ = try? child.wait(until: MonotonicClock.deadline(after: 10 * second))
            child.killAll()
            return ids[0]
        }
        for round in 0..<rounds { #expect(team.submit(round)) }
        var ids: [Int32] = []
        var done = 0
        let isDone = eventually {
            let results = team.takeResults()
            done += results.count
            ids += results.compactMap { $0 }
            return done == rounds
        }
        #expect(isDone)
        #expect(ids.count == rounds)
        #expect(ids.filter(exists) == [])
    }

    @Test func manyDescendantsThatKeepForkingAreAllKilled() throws {
        // Bounded, so that a failure does not take the machine with it.
        let forker = """
            i=0; while [ $i -lt 200 ]; do i=$((i+1)); setsid sleep 1000 & sleep 0.001; done
            """
        let script = "for i in 1 2 3; do (setsid sh -c '\(forker)' &); done; echo 0; sleep 1000"
        let name = "forking-\(getpid())-\(MonotonicClock.now)"
        let (child, _) = try start(script, ids: 1, environment: ["CHATSPEC_TEST": name])
        #expect(!processes(withVariable: name).isEmpty)
        #expect(child.killAll(within: 10 * second) == [])
        #expect(processes(withVariable: name) == [])
    }

    /// The processes with this text in their environment.
    private func processes(withVariable text: String) -> [Int32] {
        let all = ((try? Files.entries(of: "/proc")) ?? []).compactMap { Int32($0) }
        return all.filter { process in
            guard let bytes = try? Files.read("/proc/\(process)/environ") else { return false }
            return String(decoding: bytes, as: UTF8.self).contains(text)
        }
    }

    @Test func aChildDiesWithItsLastOwner() throws {
        var started: (Child, [Int32])? = try start("echo $$; exec sleep 1000", ids: 1)
        let id = try #require(started?.1.first)
        started = nil
        #expect(!exists(id))
    }

    @Test func nobodyWaitsForAPipeThatADescendantHolds() throws {
        let (child, _) = try start("(setsid sh -c 'echo $$; exec sleep 1000' &)", ids: 1)
        let output = try #require(child.output)
        #expect(child.killAll() == [])
        // Killed at last, so the pipe has ended as well.
        #expect(try reading(output) == "")
    }
}
