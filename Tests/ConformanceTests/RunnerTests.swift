// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Testing

@testable import Conformance

@Suite("Running cases", .timeLimit(.minutes(15)))
struct RunnerTests {
    private let timing = Timing(timeout: 300_000_000)

    /// Its one scenario holds where the server says the name of the peer back.
    private static let greeted = """
        "requirements": ["must"], "steps": [
          { "peer": "bob", "connect": true }, { "peer": "bob", "send": "${bob}" },
          { "peer": "bob", "expect": "${bob}" }]
        """

    /// Ends by itself after it has answered so many connections.
    private func echoing(_ connections: Int) -> String {
        let script = """
            import socket, sys
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            for _ in range(\(connections)):
                c = l.accept()[0]
                while d := c.recv(4096): c.sendall(d)
            """
        return "python3 -c '\(script)' {port}"
    }

    private func scenario(_ run: CaseRun) throws -> ScenarioRun {
        guard case .ran(let scenario) = run.outcome else { throw NotRun(outcome: run.outcome) }
        return scenario
    }

    private struct NotRun: Error {
        var outcome: CaseOutcome
    }

    @Test("each case has a fresh server; all are gone at the end")
    func freshServers() throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests(echoing(100), setting: setting)), timing: timing, setting: setting)
        let cases = Array(repeating: PlannedCase(try plan(Self.greeted)), count: 4)
        var traces: [ServerTrace] = []
        runner.run(cases) { run in
            if let trace = try? scenario(run).server { traces.append(trace) }
            return true
        }
        runner.close()
        #expect(Set(traces.map(\.address)).count == 4)
        for trace in traces {
            #expect(setting.watch.listener(at: trace.address) == .notListening)
        }
    }

    @Test("one server serves all cases where it is reused, and is replaced when it has died")
    func reusedServer() throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .reused(try .forTests(echoing(2), setting: setting)), timing: timing, setting: setting)
        let cases = Array(repeating: PlannedCase(try plan(Self.greeted)), count: 4)
        var replaced: [Bool] = []
        runner.run(cases) { run in
            if let trace = try? scenario(run).server { replaced.append(trace.isReplacement) }
            // It ends when its second connection has: that is seen, not hoped for.
            if replaced.count == 2 {
                for _ in 0..<100 { _ = try? setting.loop.turn(nanoseconds: 10_000_000) }
            }
            return true
        }
        runner.close()
        #expect(replaced == [false, false, true, false])
    }

    @Test("a case whose time is over is cut short, however long its steps may wait")
    func cutShort() throws {
        let setting = WorldSetting.forTests()
        let mute = """
            python3 -c '
            import socket, sys
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            c = l.accept()[0]
            while c.recv(4096): pass
            ' {port}
            """
        let runner = Runner(
            .fresh(try .forTests(mute, setting: setting)),
            timing: Timing(timeout: 600_000_000_000), setting: setting)
        var planned = PlannedCase(try plan(Self.greeted))
        planned.cutOff = MonotonicClock.now + 20_000_000
        let cut = runner.run(planned, following: 0)
        runner.close()
        #expect(cut.isCutShort)
        let events = try scenario(cut).transcript.events
        #expect(events.contains(.aborted(.interrupted)))
    }

    @Test("a case that comes to its end before its time is over is not cut short")
    func notCutShort() throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests(echoing(1), setting: setting)), timing: timing, setting: setting)
        var planned = PlannedCase(try plan(Self.greeted))
        planned.cutOff = MonotonicClock.now + 600_000_000_000
        let run = runner.run(planned, following: 0)
        runner.close()
        #expect(!run.isCutShort)
        #expect(try scenario(run).transcript.isAllHeld)
    }

    @Test("a case whose server cannot be launched says so; after two in a row the run ends")
    func launchFailures() throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests("no-such-server-here {port}", setting: setting)), timing: timing,
            setting: setting)
        var failed = 0
        runner.run(Array(repeating: PlannedCase(try plan(Self.greeted)), count: 5)) { run in
            if case .launchFailed = run.outcome { failed += 1 }
            return true
        }
        #expect(failed == 2)
        guard case .unreachable(let text, _)? = runner.abandonment else {
            Issue.record("\(String(describing: runner.abandonment))")
            return
        }
        #expect(text.contains("cannot execute no-such-server-here"))
    }

    @Test("where a server gets two chances, one start that fails is told and does no harm")
    func slowLaunch() throws {
        let setting = WorldSetting.forTests()
        let flag = "/tmp/chatspec-second-start-\(UInt64.random(in: 0 ... .max))"
        let script = """
            import os, socket, sys
            try: os.remove("\(flag)")
            except OSError: sys.exit(open("\(flag)", "w").write("x"))
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            while c := l.accept()[0]:
                while d := c.recv(4096): c.sendall(d)
            """
        let runner = Runner(
            .reused(try .forTests("python3 -c '\(script)' {port}", setting: setting)),
            timing: timing, setting: setting)
        runner.launchesTwice = true
        let run = runner.run(PlannedCase(try plan(Self.greeted)), following: 0)
        runner.close()
        #expect(run.wentAsPlanned)
        let failure = try #require(run.slowLaunch)
        #expect(failure.description.contains("before it listened"))
    }

    @Test("a case whose turn comes too late starts no server and is no failure")
    func late() throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests("no-such-server-here {port}", setting: setting)), timing: timing,
            setting: setting)
        var planned = PlannedCase(try plan(Self.greeted))
        planned.notAfter = MonotonicClock.now - 1
        guard case .late = runner.run(planned, following: 0).outcome else {
            Issue.record("it was begun")
            return
        }
        #expect(runner.abandonment == nil)
    }

    @Test("a server that gives up its port, and runs on, is told of")
    func listensNoMore() throws {
        let script = """
            import socket, sys, time
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            c = l.accept()[0]
            l.close()
            c.close()
            time.sleep(600)
            """
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests("python3 -c '\(script)' {port}", setting: setting)),
            timing: timing, setting: setting)
        let gone = runner.run(PlannedCase(try plan(Self.greeted)), following: 0)
        runner.close()
        #expect(try scenario(gone).server?.listensNoMore == true)
        #expect(try scenario(gone).server?.termination == nil)
        let well = Runner(
            .fresh(try .forTests(echoing(9), setting: setting)), timing: timing, setting: setting)
        defer { well.close() }
        let run = well.run(PlannedCase(try plan(Self.greeted)), following: 0)
        #expect(try scenario(run).server?.listensNoMore == false)
    }

    @Test("how the server of the probe ended is known")
    func probeEnd() throws {
        let setting = WorldSetting.forTests()
        let script = """
            import socket, sys
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            l.accept()[0].recv(1)
            sys.exit(3)
            """
        let runner = Runner(
            .fresh(try .forTests("python3 -c '\(script)' {port}", setting: setting)),
            timing: timing, setting: setting)
        try runner.probe(try plan(Self.greeted))
        runner.close()
        #expect(runner.probeEnd == .exited(3))
    }

    @Test("the run ends when it is told to, and skipped cases start no server")
    func endsWhenTold() throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests("no-such-server-here {port}", setting: setting)), timing: timing,
            setting: setting)
        let skipped = PlannedCase(try plan(Self.greeted), skipped: .needsFreshServer)
        var count = 0
        runner.run([skipped, skipped, skipped]) { run in
            if case .skipped(.needsFreshServer) = run.outcome { count += 1 }
            return count < 2
        }
        #expect(count == 2)
        #expect(runner.abandonment == .failedFast)
    }

    @Test(
        "a mute server's barriers are known to be broken, a good server's to work",
        arguments: [
            ("degenerate mute", ["named"]), ("padded_threads", [String]()),
        ])
    func probe(server: String, broken: [String]) throws {
        let setting = WorldSetting.forTests()
        let runner = Runner(
            .fresh(try .forTests(foreign(server), setting: setting)), timing: timing,
            setting: setting)
        defer { runner.close() }
        try runner.probe(
            plan(
                """
                "requirements": ["must"], "steps": [{ "peer": "probe", "do": "enter" },
                  { "peer": "probe", "expectNothing": true }]
                """))
        #expect(runner.knowledge.brokenBarriers == Set(broken))
    }
}
