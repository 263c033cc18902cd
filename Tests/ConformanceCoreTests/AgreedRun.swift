// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

/// A scenario that was run in memory and judged; interpreter and judge agree about every step of it.
struct AgreedRun {
    let plan: Plan
    let transcript: Transcript
    let judgement: Judgement

    var verdict: Verdict { judgement.verdict }

    init(_ scenario: PlannedScenario, on server: any ChatServer, isStrict: Bool = false) throws {
        #expect(scenario.problems == [])
        let suite = try #require(scenario.suite)
        plan = try #require(scenario.plans.first)
        transcript = InMemoryExecutor.run(plan, on: server).transcript
        judgement = Judge.judge(
            plan, transcript, requirements: suite.requirements, isStrict: isStrict)
        #expect(disagreements(plan, transcript, judgement) == [])
    }

    /// Runs a scenario of `SmallSuite` on the machine of `padded`, or on one with a fault.
    init(padded members: String, fault: String? = nil, isStrict: Bool = false) throws {
        let chat = try #require(ProtocolCatalog.find("padded"))
        let server =
            if let fault { try #require(chat.fault(named: fault)).makeServer() } else {
                chat.makeServer()
            }
        try self.init(SmallSuite(members).scenario, on: server, isStrict: isStrict)
    }

    /// Runs a scenario of `SmallCallback` on the machine of `callback`, or on one with a fault.
    init(callback members: String, fault: String? = nil) throws {
        let small = SmallCallback(members)
        #expect(small.problems == [])
        let run = try #require(small.run(fault: fault))
        #expect(disagreements(run.plan, run.transcript, run.judgement) == [])
        (plan, transcript, judgement) = (run.plan, run.transcript, run.judgement)
    }
}

/// A scenario of `SmallSuite` with these steps, at whose beginning alice and bob are in one room.
func inRoom(_ steps: String, requirement: String = "must") -> String {
    """
    "requirements": ["\(requirement)"],
    "preamble": [
      { "peer": "alice", "do": "enter" }, { "peer": "alice", "send": "/create room" },
      { "peer": "bob", "do": "enter" }, { "peer": "bob", "send": "/join room" }],
    "steps": [\(steps)]
    """
}
