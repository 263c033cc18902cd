// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Coverage")
struct CoverageTests {
    private func coverage(_ members: [String]) throws -> Coverage {
        let suite = try #require(SmallSuite(members[0]).suite)
        var counter = CoverageCounter(suite: suite)
        for member in members {
            let plan = try #require(SmallSuite(member).plans.first)
            let machine = try #require(ProtocolCatalog.find("padded")).makeServer()
            let transcript = InMemoryExecutor.run(plan, on: machine).transcript
            let judgement = Judge.judge(plan, transcript, requirements: suite.requirements)
            counter.add(plan, judgement, transcript)
        }
        return counter.coverage
    }

    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    @Test("a requirement has the worst verdict of its scenarios, and none where none was run")
    func requirements() throws {
        let found = try coverage([
            #""requirements": ["must"], "steps": [\#(alice), { "peer": "alice", "expectNothing": true }]"#,
            #""requirements": ["must", "should"], "steps": [\#(alice), { "peer": "alice", "expect": "x" }]"#,
        ]).requirements
        #expect(found.map(\.verdict) == [.fail, .inconclusive, nil, nil, nil])
        #expect(found.map(\.requirement.id) == ["must", "should", "normal", "open", "frames"])
    }

    @Test("forms and states are counted with those that were never met")
    func forms() throws {
        let found = try coverage([
            """
            "requirements": ["must"], "steps": [\(alice), { "peer": "alice", "send": "/join" },
              { "peer": "alice", "expect": { "any": true } }]
            """
        ])
        let counts = Dictionary(
            uniqueKeysWithValues: found.forms.map { ("\($0.direction) \($0.form)", $0.count) })
        #expect(counts["client name"] == 1)
        #expect(counts["client list"] == 0)
        #expect(counts["server joined"] == 0)
        #expect((counts["server error"] ?? 0) > 0)
        let unnamed = found.states.filter { $0.state == "unnamed" && $0.count > 0 }
        #expect(unnamed.map(\.form) == ["name"])
    }

    @Test("cuts are counted by form, offsets as ranges")
    func cuts() throws {
        let found = try coverage([
            """
            "requirements": ["must"], "preamble": [\(alice)],
            "steps": [{ "peer": "alice", "send": "hi", "split": "at:1,2,3,9" },
              { "peer": "alice", "expect": { "any": true } }]
            """
        ]).cuts
        #expect(found.map(\.form) == ["text"])
        #expect(found.first?.planned == 4)
        #expect(found.first?.proven == 4)
        #expect(found.first?.offsets == [1...3, 9...9])
        #expect(found.first?.unproven == [])
    }
}
