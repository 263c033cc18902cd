// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Problems of plans")
struct PlannerProblemTests {
    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    @Test("a name that nobody has is told, and no peer that only speaks later")
    func strangerAndLaterPeer() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "steps": [\(alice),
              { "peer": "alice", "send": "${bob} ${nobody}" }, { "peer": "bob", "do": "enter" }]
            """)
        #expect(small.problems.count == 1)
        #expect(small.problems.first?.contains("'${nobody}' is declared nowhere") == true)
    }

    @Test("a peer that nobody connects is named with those that are connected")
    func unknownPeer() {
        let small = SmallSuite(
            #""requirements": ["must"], "steps": [\#(alice), { "peer": "alcie", "send": "x" }]"#)
        #expect(small.problems.count == 1)
        #expect(
            small.problems[0].hasSuffix(
                "unknown peer 'alcie': no step before this one connects it; did you mean 'alice'?"))
    }

    @Test("an undeclared value is named with what is declared")
    func undeclared() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "values": { "room": "name" },
            "steps": [\(alice), { "peer": "alice", "send": "/join ${rooom}" }]
            """)
        #expect(small.problems.count == 1)
        #expect(small.problems[0].hasSuffix("'${rooom}' is declared nowhere; did you mean 'room'?"))
    }

    @Test("a message that no frame holds, a wrong cut and a value made of itself are problems")
    func otherProblems() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "values": { "a": { "text": "${b}" }, "b": { "text": "${a}" } },
            "steps": [\(alice), { "peer": "alice", "send": "${fill:201}" },
              { "peer": "alice", "send": "x", "split": "evry:3" }, { "peer": "alice", "send": "${a}" }]
            """)
        #expect(
            small.problems.contains { $0.contains("this message has 201 bytes, a frame holds 200") }
        )
        #expect(small.problems.contains { $0.contains("evry") })
        #expect(small.problems.contains { $0.contains("is made of itself") })
    }
}
