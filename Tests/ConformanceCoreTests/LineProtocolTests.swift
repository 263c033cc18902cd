// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

/// What protocols need whose requests have no word that comes back.
@Suite("Protocols in lines")
struct LineProtocolTests {
    private static let document = """
        { "protocol": "lines", "title": "Lines", "framing": { "kind": "line", "terminator": "\\n" },
          "features": { "capacity": 3 }, "unknownForms": "known",
          "forms": { "client": [{ "form": "list", "message": "LIST" }],
            "server": [{ "form": "list-ok", "message": "OK {{names}}" }] },
          "states": ["open"],
          "generators": { "name": { "alphabet": "abc", "length": [8, 8] } }, "peerNames": "name",
          "barriers": [{ "send": "LIST", "answer": ["NO", { "startsWith": "OK" }] }] }
        """
    private static let requirements = """
        { "requirements": [{ "id": "must", "level": "M", "sentence": "It must." },
          { "id": "known", "level": "M", "sentence": "Every line is known." }] }
        """

    /// One scenario's plan; `members` is the inside of its JSON object but for id and title.
    private func plan(
        _ members: String, features: [String: String] = [:]
    ) throws -> (plan: Plan, suite: Suite) {
        let scenario = """
            { "topic": "Test", "scenarios": [{ "id": "case", "title": "It holds", \(members) }] }
            """
        let log = ProblemLog()
        let suite = try #require(
            SuiteFiles(
                document: SpecFile(path: "protocol.json", bytes: Array(Self.document.utf8)),
                requirements: SpecFile(
                    path: "requirements.json", bytes: Array(Self.requirements.utf8)),
                scenarios: [SpecFile(path: "case.json", bytes: Array(scenario.utf8))]
            ).suite(log: log))
        let system = SystemUnderTest(features: features, isLaunched: false, isFresh: false)
        let planner = Planner(suite: suite, system: system, seed: 1, log: log)
        let plans = planner.plans(suite.scenarios[0], topic: "Test")
        #expect(log.problems.map(\.description) == [])
        return (try #require(plans.first), suite)
    }

    /// Runs a plan on a server that answers each segment's lines, but always one turn later.
    private func judged(
        _ members: String, answers: [String]
    ) throws -> Judgement {
        let (plan, suite) = try plan(members)
        var interpreter = Interpreter(plan: plan, timing: Timing())
        var rest = answers[...]
        var late: [WorldEvent] = []
        var time: Int64 = 0
        interpreter.start()
        while !interpreter.isFinished {
            let actions = interpreter.takeActions()
            var events: [WorldEvent] = []
            for action in actions {
                switch action {
                case .connect(let link, _): events.append(.connected(link))
                case .write(let link, _):
                    events.append(.written(link))
                    if let answer = rest.popFirst() {
                        late.append(.received(link, Array(answer.utf8)))
                    }
                case .awaitTaken(let link): events.append(.taken(link, .proven))
                default: break
                }
            }
            if events.isEmpty, !late.isEmpty { events = [late.removeFirst()] }
            if events.isEmpty {
                time = interpreter.nextDeadline ?? time + 1_000_000_000
                events = [.timePassed]
            }
            for event in events { interpreter.handle(event, at: time) }
        }
        return Judge.judge(plan, interpreter.transcript, requirements: suite.requirements)
    }

    @Test("a step's request that is a barrier's, too, gets the first answer")
    func stepsAreAnsweredFirst() throws {
        let steps = """
            "requirements": ["must"], "steps": [{ "peer": "a", "connect": true },
              { "peer": "a", "eventually": { "send": "LIST", "until": "OK one" } }]
            """
        let right = try judged(steps, answers: ["OK one\n", "OK two\n", "OK two\n"])
        #expect(right.verdict == .pass, "\(right.findings)")
        let wrong = try judged(steps, answers: Array(repeating: "OK two\n", count: 500))
        #expect(wrong.verdict == .fail)
    }

    @Test("a barrier's answer may be one of several")
    func alternatives() throws {
        let steps = """
            "requirements": ["must"], "steps": [{ "peer": "a", "connect": true },
              { "peer": "a", "expectNothing": true }]
            """
        for answer in ["NO\n", "OK one\n"] {
            #expect(try judged(steps, answers: [answer, answer]).verdict == .pass)
        }
        #expect(try judged(steps, answers: ["what?\n", "what?\n"]).verdict == .fail)
    }

    @Test("a message of no known form counts where its requirement is named, and nowhere else")
    func unknownForms() throws {
        func verdict(_ requirement: String, _ answer: String) throws -> Verdict {
            try judged(
                """
                "requirements": ["\(requirement)"], "steps": [{ "peer": "a", "connect": true },
                  { "peer": "a", "send": "HELLO" }, { "peer": "a", "expect": { "any": true } }]
                """, answers: [answer, "OK one\n", "OK one\n"]
            ).verdict
        }
        #expect(try verdict("known", "OK one\n") == .pass)
        #expect(try verdict("known", "LIST\n") == .fail)
        #expect(try verdict("must", "LIST\n") == .pass)
    }

    @Test("a feature has the protocol's value until the server under test has one of its own")
    func features() throws {
        let steps = """
            "requirements": ["must"], "needs": ["capacity"], "steps": [
              { "repeat": { "i": { "from": 1, "to": "${capacity}" } },
                "steps": [{ "peer": "user${i}", "connect": true }] }]
            """
        #expect(try plan(steps).plan.links.count == 3)
        #expect(try plan(steps, features: ["capacity": "5"]).plan.links.count == 5)
    }
}
