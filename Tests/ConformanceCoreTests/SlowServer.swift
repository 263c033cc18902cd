// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

/// A server that does one thing at a time, each in `milliseconds`, and lets the third login in.
struct SlowServer: TimedServer {
    private let milliseconds: Int64
    private var busyLogins: Int
    /// What it answers to a list.
    private let list: String
    /// Whether it takes that time for each byte, which it sends by itself.
    private let spells: Bool
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

/// What a scenario came to with such a server.
struct SlowRun {
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

    let judgement: Judgement
    let knowledge: RunKnowledge
    let milliseconds: Int64

    /// `steps` is the inside of the list of the scenario's steps.
    init(
        _ steps: String, by server: inout SlowServer, knowing: RunKnowledge = RunKnowledge(),
        timing: Timing = Timing()
    ) throws {
        let (plan, suite) = try Self.plan(steps)
        let run = TimedRun(plan, on: &server, timing: timing, knowledge: knowing)
        judgement = Judge.judge(
            plan, run.interpreter.transcript, requirements: suite.requirements)
        knowledge = run.interpreter.knowledge
        milliseconds = run.time / 1_000_000
    }

    static func plan(_ steps: String) throws -> (Plan, Suite) {
        let planned = PlannedScenario(
            "\"requirements\": [\"must\"], \"steps\": [\(steps)]", document: document,
            requirements: requirements,
            system: SystemUnderTest(features: [:], isLaunched: false, isFresh: false))
        #expect(planned.problems == [])
        return (try #require(planned.plans.first), try #require(planned.suite))
    }

    /// A login, and a list that is waited for.
    static let listing = """
        { "peer": "a", "connect": true },
        { "peer": "a", "send": "LOGIN ${a}" }, { "peer": "a", "expect": "IN" },
        { "peer": "a", "send": "LIST" }, { "peer": "a", "expect": "LISTED" }
        """
}
