// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import TestSupport
import Testing

@Suite("Messages apart")
struct MessagesApartTests {
    private func plan(_ steps: String) throws -> Plan {
        let small = SmallSuite(#""requirements": ["must"], "steps": [\#(steps)]"#)
        #expect(small.problems == [])
        return try #require(small.plans.first)
    }

    private func transmissions(_ plan: Plan) -> [Transmission] {
        plan.allSteps.compactMap { step in
            if case .transmit(_, let transmission) = step.action { transmission } else { nil }
        }
    }

    private static let connect = #"{ "peer": "bob", "connect": true }"#

    @Test("what is sent at once, or cut by its step, is apart; all else is as it was")
    func apart() throws {
        let plan = try plan(
            """
            \(Self.connect), { "peer": "bob", "sendAll": ["hi", "ho"] },
            { "peer": "bob", "send": "hi", "split": "bytes" },
            { "together": [{ "steps": [{ "peer": "bob", "send": "ho", "split": "at:1" }] }] }
            """)
        #expect(plan.hasOwnSegments)
        let apart = plan.apart
        #expect(transmissions(apart).map(\.split) == [.coalesce(1), .whole, .whole])
        #expect(transmissions(apart).map(\.pieces) == transmissions(plan).map(\.pieces))
        #expect(apart.allSteps.map(\.id) == plan.allSteps.map(\.id))
    }

    @Test("who sends one message after the other has no segments of its own")
    func nothingOfItsOwn() throws {
        let plan = try plan(
            """
            \(Self.connect), { "peer": "bob", "send": "hi" }, { "peer": "bob", "send": "ho" }
            """)
        #expect(!plan.hasOwnSegments)
        #expect(plan.apart == plan)
    }
}
