// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

/// Has its answers ready before it is asked.
private struct PreparedServer: TimedServer {
    private var answers: ArraySlice<String>
    private(set) var next: Int64?
    private var due: [WorldEvent] = []

    init(answers: ArraySlice<String>) { self.answers = answers }

    mutating func take(_ bytes: [UInt8], on link: LinkID, at time: Int64) {
        guard let answer = answers.popFirst() else { return }
        due.append(.received(link, Array(answer.utf8)))
        next = time
    }

    mutating func answer(at time: Int64) -> WorldEvent? {
        guard !due.isEmpty else { return nil }
        if due.count == 1 { next = nil }
        return due.removeFirst()
    }
}

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

    private func planned(
        _ members: String, features: [String: String] = [:]
    ) -> PlannedScenario {
        let planned = PlannedScenario(
            members, document: Self.document, requirements: Self.requirements,
            system: SystemUnderTest(features: features, isLaunched: false, isFresh: false))
        #expect(planned.problems == [])
        return planned
    }

    /// Runs a scenario on a server that answers each segment with the next of `answers`.
    private func judged(_ members: String, answers: [String]) throws -> Judgement {
        let planned = planned(members)
        let plan = try #require(planned.plans.first)
        var server = PreparedServer(answers: answers[...])
        let run = TimedRun(plan, on: &server)
        return Judge.judge(
            plan, run.interpreter.transcript,
            requirements: try #require(planned.suite).requirements)
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
    func features() {
        let steps = """
            "requirements": ["must"], "needs": ["capacity"], "steps": [
              { "repeat": { "i": { "from": 1, "to": "${capacity}" } },
                "steps": [{ "peer": "user${i}", "connect": true }] }]
            """
        #expect(planned(steps).plans.first?.links.count == 3)
        #expect(planned(steps, features: ["capacity": "5"]).plans.first?.links.count == 5)
    }
}
