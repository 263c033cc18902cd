// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

/// Servers that take their time, and answer everything.
@Suite("Slow servers")
struct SlowServerTests {
    private static let document = """
        { "protocol": "slow", "title": "Slow", "framing": { "kind": "line", "terminator": "\\n" },
          "forms": {
            "client": [{ "form": "login", "message": "LOGIN {{name}}" },
              { "form": "list", "message": "LIST" }],
            "server": [{ "form": "in", "message": "IN" }, { "form": "busy", "message": "BUSY" },
              { "form": "listed", "message": "LISTED" }] },
          "states": ["outside", "inside"],
          "transitions": [{ "from": "outside", "server": "in", "to": "inside" }],
          "generators": { "name": { "alphabet": "abc", "length": [8, 8] } }, "peerNames": "name",
          "barriers": [{ "states": ["inside"], "send": "LIST", "answer": "LISTED" }] }
        """
    private static let requirements = """
        { "requirements": [{ "id": "must", "level": "M", "sentence": "It must." }] }
        """

    private func plan(_ steps: String) throws -> (Plan, Suite) {
        let scenario = """
            { "topic": "Test", "scenarios": [{ "id": "case", "title": "It holds",
              "requirements": ["must"], "steps": [\(steps)] }] }
            """
        let log = ProblemLog()
        let suite = try #require(
            SuiteFiles(
                document: SpecFile(path: "protocol.json", bytes: Array(Self.document.utf8)),
                requirements: SpecFile(
                    path: "requirements.json", bytes: Array(Self.requirements.utf8)),
                scenarios: [SpecFile(path: "case.json", bytes: Array(scenario.utf8))]
            ).suite(log: log))
        let system = SystemUnderTest(features: [:], isLaunched: false, isFresh: false)
        let planner = Planner(suite: suite, system: system, seed: 1, log: log)
        let plans = planner.plans(suite.scenarios[0], topic: "Test")
        #expect(log.problems.map(\.description) == [])
        return (try #require(plans.first), suite)
    }

    /// A server that does one thing at a time, each in `milliseconds`, and lets the third login in.
    private struct Server {
        let milliseconds: Int64
        var busyLogins: Int
        /// What it answers to a list.
        let list: String
        /// Whether it takes that time for each byte, which it sends by itself.
        let spells: Bool
        private(set) var logins = 0
        private var freeAt: Int64 = 0
        private var answers: [(at: Int64, link: LinkID, text: String)] = []

        init(
            milliseconds: Int64, busyLogins: Int, list: String = "LISTED\n", spells: Bool = false
        ) {
            self.milliseconds = milliseconds
            self.busyLogins = busyLogins
            self.list = list
            self.spells = spells
        }

        mutating func take(_ bytes: [UInt8], on link: LinkID, at time: Int64) {
            if bytes.starts(with: Array("NOTHING".utf8)) { return }
            let isLogin = bytes.starts(with: Array("LOGIN".utf8))
            var text = list
            if isLogin {
                text = busyLogins > 0 ? "BUSY\n" : "IN\n"
                busyLogins -= 1
                logins += 1
            }
            for piece in spells ? text.map(String.init) : [text] {
                freeAt = max(freeAt, time) + milliseconds * 1_000_000
                answers.append((freeAt, link, piece))
            }
        }

        var next: Int64? { answers.first?.at }

        mutating func answer(at time: Int64) -> WorldEvent? {
            guard let first = answers.first, first.at <= time else { return nil }
            answers.removeFirst()
            return .received(first.link, Array(first.text.utf8))
        }
    }

    private func judged(_ steps: String, by server: inout Server) throws -> Judgement {
        try ran(steps, by: &server).judgement
    }

    private struct Ran {
        var judgement: Judgement
        var knowledge: RunKnowledge
        var milliseconds: Int64
    }

    private func ran(
        _ steps: String, by server: inout Server, knowing: RunKnowledge = RunKnowledge(),
        timing: Timing = Timing()
    ) throws -> Ran {
        let (plan, suite) = try plan(steps)
        var interpreter = Interpreter(plan: plan, timing: timing, knowledge: knowing)
        var time: Int64 = 0
        var held: (until: Int64, link: LinkID)?
        interpreter.start()
        while !interpreter.isFinished {
            var events: [WorldEvent] = []
            for action in interpreter.takeActions() {
                switch action {
                case .connect(let link, _): events.append(.connected(link))
                case .write(let link, let bytes):
                    events.append(.written(link))
                    server.take(bytes, on: link, at: time)
                case .awaitTaken(let link) where timing.pace > 0:
                    held = (time + timing.pace, link)
                case .awaitTaken(let link): events.append(.taken(link, .proven))
                default: break
                }
            }
            if events.isEmpty {
                let deadline = interpreter.nextDeadline ?? time + 1_000_000_000
                time = max(time, min(deadline, server.next ?? deadline, held?.until ?? deadline))
                if let (until, link) = held, until <= time {
                    held = nil
                    events = [.taken(link, .assumed)]
                } else {
                    events = [server.answer(at: time) ?? .timePassed]
                }
            }
            for event in events { interpreter.handle(event, at: time) }
        }
        return Ran(
            judgement: Judge.judge(
                plan, interpreter.transcript, requirements: suite.requirements),
            knowledge: interpreter.knowledge, milliseconds: time / 1_000_000)
    }

    @Test(
        "what is asked until it holds is not asked again before it was answered",
        arguments: [Int64(0), 15, 50, 200, 500])
    func asksOnce(milliseconds: Int64) throws {
        var server = Server(milliseconds: milliseconds, busyLogins: 2)
        let judgement = try judged(
            """
            { "peer": "a", "connect": true },
            { "peer": "a", "eventually": { "send": "LOGIN ${a}", "until": "IN" } },
            { "peer": "a", "expectNothing": true }
            """, by: &server)
        #expect(judgement.verdict == .pass, "\(judgement.findings)")
        #expect(server.logins == 3)
    }

    private static let listing = """
        { "peer": "a", "connect": true },
        { "peer": "a", "send": "LOGIN ${a}" }, { "peer": "a", "expect": "IN" },
        { "peer": "a", "send": "LIST" }, { "peer": "a", "expect": "LISTED" }
        """

    @Test("who is in the middle of a message is not silent, nor is it while it answers a barrier")
    func spelling() throws {
        var server = Server(milliseconds: 400, busyLogins: 0, spells: true)
        let judgement = try judged(
            Self.listing + #", { "peer": "a", "expectNothing": true }"#, by: &server)
        #expect(judgement.verdict == .pass, "\(judgement.findings)")
    }

    @Test("who never comes to the end of a message is not waited for without end")
    func drips() throws {
        let endless = String(repeating: "x", count: 500)
        var server = Server(milliseconds: 400, busyLogins: 0, list: endless, spells: true)
        let run = try ran(Self.listing, by: &server)
        #expect(run.judgement.verdict == .fail)
        #expect((20_000...23_000).contains(run.milliseconds))
    }

    @Test("what is the beginning of a message hurries nobody; what is one without its end does")
    func hurry() throws {
        for (milliseconds, spells, expected) in [(Int64(600), true, false), (1, false, true)] {
            var knowledge = RunKnowledge()
            for _ in 1...3 {
                var server = Server(
                    milliseconds: milliseconds, busyLogins: 0, list: "LISTED", spells: spells)
                let run = try ran(Self.listing, by: &server, knowing: knowledge)
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
            var interpreter = Interpreter(plan: try plan(steps).0, timing: Timing())
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
            var server = Server(milliseconds: 150, busyLogins: 0)
            let run = try ran(steps, by: &server, timing: Timing(scale: scale))
            #expect(run.judgement.verdict == verdict, "\(run.judgement.findings)")
        }
    }

    @Test(
        "for what the runner holds back itself it blames nobody",
        arguments: [Int64(5), 1_999, 2_000, 2_500, 60_000])
    func pace(milliseconds: Int64) throws {
        var server = Server(milliseconds: 100, busyLogins: 0)
        let steps = Self.listing + #", { "peer": "a", "expectNothing": true }"#
        let run = try ran(steps, by: &server, timing: Timing(pace: milliseconds * 1_000_000))
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
    }

    @Test("whole messages that nobody waits for keep nobody waiting")
    func chatter() throws {
        let others = String(repeating: "BUSY\n", count: 10)
        var server = Server(milliseconds: 1_990, busyLogins: 0, list: others)
        let run = try ran(Self.listing, by: &server)
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
        var slow = Server(milliseconds: 900, busyLogins: 0)
        let judgement = try judged(steps, by: &slow)
        #expect(judgement.verdict == .pass, "\(judgement.findings)")
        var silent = Server(milliseconds: 1_900, busyLogins: 0)
        #expect(try judged(steps, by: &silent).verdict == .pass)
        var tooSlow = Server(milliseconds: 2_100, busyLogins: 0)
        #expect(try judged(steps, by: &tooSlow).verdict == .fail)
    }

    @Test("a connection that is neither made nor refused is the server's failure")
    func neverAccepted() throws {
        let (plan, suite) = try plan(#"{ "peer": "a", "connect": true }"#)
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

    @Test("an answer that need not come has all its time once; then nobody waits for it")
    func silence() throws {
        let steps = """
            { "peer": "a", "connect": true },
            { "peer": "a", "send": "LOGIN ${a}" }, { "peer": "a", "expect": "IN" },
            { "peer": "a", "send": "NOTHING" },
            { "peer": "a", "either": [{ "message": "BUSY" }, { "nothing": true }],
              "silence": "it need not be answered" }
            """
        var first = Server(milliseconds: 5, busyLogins: 0)
        let slow = try self.ran(steps, by: &first)
        #expect(slow.judgement.verdict == .pass, "\(slow.judgement.findings)")
        #expect(slow.milliseconds >= 2_000)
        #expect(slow.knowledge.silences.count == 1)
        var second = Server(milliseconds: 5, busyLogins: 0)
        let quick = try self.ran(steps, by: &second, knowing: slow.knowledge)
        #expect(quick.judgement.verdict == .pass, "\(quick.judgement.findings)")
        #expect(quick.milliseconds < 100)
    }

    @Test("who was taken for silent and answers is waited for again")
    func silenceEnds() throws {
        let steps = """
            { "peer": "a", "connect": true }, { "peer": "a", "send": "LOGIN ${a}" },
            { "peer": "a", "expect": "IN" }, { "peer": "a", "send": "LOGIN ${a}" },
            { "peer": "a", "either": [{ "message": "IN" }, { "nothing": true }],
              "silence": "it need not be answered" }
            """
        var knowledge = RunKnowledge()
        let position = try #require(try plan(steps).0.allSteps.first { $0.silence != nil }).position
        knowledge.silences = [position]
        var server = Server(milliseconds: 5, busyLogins: 0)
        let ran = try self.ran(steps, by: &server, knowing: knowledge)
        #expect(ran.judgement.verdict == .pass, "\(ran.judgement.findings)")
        #expect(ran.knowledge.silences.isEmpty)
    }
}
