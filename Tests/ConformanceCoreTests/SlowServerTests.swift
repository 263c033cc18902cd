// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

/// Servers that take their time, and answer everything.
@Suite("Slow servers")
struct SlowServerTests {
    @Test(
        "what is asked until it holds is not asked again before it was answered",
        arguments: [Int64(0), 15, 50, 200, 500])
    func asksOnce(milliseconds: Int64) throws {
        var server = SlowServer(milliseconds: milliseconds, busyLogins: 2)
        let run = try SlowRun(
            """
            { "peer": "a", "connect": true },
            { "peer": "a", "eventually": { "send": "LOGIN ${a}", "until": "IN" } },
            { "peer": "a", "expectNothing": true }
            """, by: &server)
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
        #expect(server.logins == 3)
    }

    @Test("who is in the middle of a message is not silent, nor is it while it answers a barrier")
    func spelling() throws {
        var server = SlowServer(milliseconds: 400, busyLogins: 0, spells: true)
        let run = try SlowRun(
            SlowRun.listing + #", { "peer": "a", "expectNothing": true }"#, by: &server)
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
    }

    @Test("who never comes to the end of a message is not waited for without end")
    func drips() throws {
        let endless = String(repeating: "x", count: 500)
        var server = SlowServer(milliseconds: 400, busyLogins: 0, list: endless, spells: true)
        let run = try SlowRun(SlowRun.listing, by: &server)
        #expect(run.judgement.verdict == .fail)
        #expect((20_000...23_000).contains(run.milliseconds))
    }

    @Test("what is the beginning of a message hurries nobody; what is one without its end does")
    func hurry() throws {
        for (milliseconds, spells, expected) in [(Int64(600), true, false), (1, false, true)] {
            var knowledge = RunKnowledge()
            for _ in 1...3 {
                var server = SlowServer(
                    milliseconds: milliseconds, busyLogins: 0, list: "LISTED", spells: spells)
                let run = try SlowRun(SlowRun.listing, by: &server, knowing: knowledge)
                knowledge.addFrames(of: run.knowledge)
            }
            #expect(knowledge.expectsShortFrames == expected)
        }
        var knowledge = RunKnowledge()
        knowledge.noteShortFrame()
        #expect(!knowledge.expectsShortFrames)
        knowledge.noteShortFrame()
        #expect(knowledge.expectsShortFrames)
    }

    @Test("who talks elsewhere in the middle of a message is busy, and not at its end")
    func busy() throws {
        let steps = """
            { "peer": "a", "connect": true }, { "peer": "b", "connect": true },
            { "peer": "a", "expect": "IN" }
            """
        for (elsewhere, outcome) in [(true, StepOutcome.held), (false, .departed)] {
            var interpreter = Interpreter(plan: try SlowRun.plan(steps).0, timing: Timing())
            interpreter.start()
            interpreter.handle(.connected(LinkID(0)), at: 0)
            interpreter.handle(.connected(LinkID(1)), at: 0)
            interpreter.handle(.received(LinkID(0), Array("I".utf8)), at: 0)
            for time in stride(from: Int64(100), to: 1_500, by: 100) {
                let event: WorldEvent =
                    elsewhere
                    ? .received(LinkID(1), Array("BUSY\n".utf8)) : .timePassed
                interpreter.handle(event, at: time * 1_000_000)
            }
            interpreter.handle(.received(LinkID(0), Array("N\n".utf8)), at: 1_500_000_000)
            let outcomes = interpreter.transcript.entries.compactMap { entry -> StepOutcome? in
                if case .finished(_, let outcome) = entry.event { outcome } else { nil }
            }
            #expect(outcomes.prefix(3) == [.held, .held, outcome])
        }
    }

    @Test("times that a scenario has of its own are longer on a slow machine, too")
    func scale() throws {
        let steps = """
            { "peer": "a", "connect": true }, { "peer": "a", "send": "LOGIN ${a}" },
            { "peer": "a", "expect": "IN", "within": "100ms" }
            """
        for (scale, verdict) in [(Int64(1), Verdict.fail), (2, .pass)] {
            var server = SlowServer(milliseconds: 150, busyLogins: 0)
            let run = try SlowRun(steps, by: &server, timing: Timing(scale: scale))
            #expect(run.judgement.verdict == verdict, "\(run.judgement.findings)")
        }
    }

    @Test(
        "for what the runner holds back itself it blames nobody",
        arguments: [Int64(5), 1_999, 2_000, 2_500, 60_000])
    func pace(milliseconds: Int64) throws {
        var server = SlowServer(milliseconds: 100, busyLogins: 0)
        let steps = SlowRun.listing + #", { "peer": "a", "expectNothing": true }"#
        let run = try SlowRun(steps, by: &server, timing: Timing(pace: milliseconds * 1_000_000))
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
    }

    @Test("whole messages that nobody waits for keep nobody waiting")
    func chatter() throws {
        let others = String(repeating: "BUSY\n", count: 10)
        var server = SlowServer(milliseconds: 1_990, busyLogins: 0, list: others)
        let run = try SlowRun(SlowRun.listing, by: &server)
        #expect(run.judgement.verdict == .fail)
        #expect(run.milliseconds < 5_000)
    }

    @Test("a chain of barriers has the time of one for each of them")
    func barriers() throws {
        let all = #"{ "repeat": { "i": { "from": 1, "to": 6 } }, "steps": ["#
        let steps = """
            \(all) { "peer": "u${i}", "connect": true }, { "peer": "u${i}", "send": "LOGIN ${u${i}}" },
              { "peer": "u${i}", "expect": "IN" }] },
            { "peer": "u1", "expectNothing": true }
            """
        var slow = SlowServer(milliseconds: 900, busyLogins: 0)
        let run = try SlowRun(steps, by: &slow)
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
        var silent = SlowServer(milliseconds: 1_900, busyLogins: 0)
        #expect(try SlowRun(steps, by: &silent).judgement.verdict == .pass)
        var tooSlow = SlowServer(milliseconds: 2_100, busyLogins: 0)
        #expect(try SlowRun(steps, by: &tooSlow).judgement.verdict == .fail)
    }

    @Test("a connection that is neither made nor refused is the server's failure")
    func neverAccepted() throws {
        let (plan, suite) = try SlowRun.plan(#"{ "peer": "a", "connect": true }"#)
        var interpreter = Interpreter(plan: plan, timing: Timing())
        interpreter.start()
        while !interpreter.isFinished {
            _ = interpreter.takeActions()
            interpreter.handle(.timePassed, at: try #require(interpreter.nextDeadline))
        }
        let judgement = Judge.judge(
            plan, interpreter.transcript, requirements: suite.requirements)
        #expect(judgement.verdict == .fail)
        #expect(judgement.findings.map(\.kind) == [.notAccepted(waited: 2_000_000_000)])
    }
}
