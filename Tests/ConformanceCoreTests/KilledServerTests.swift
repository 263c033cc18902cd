// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Servers that the runner ends")
struct KilledServerTests {
    /// How a connection is judged on which the end of `bytes` came with that of the server.
    private func verdict(of bytes: String, after signal: ServerSignal) throws -> Verdict {
        let small = SmallSuite(
            """
            "requirements": ["must"], "needs": ["launched"],
            "steps": [{ "peer": "al", "connect": true },
              { "server": "main", "signal": "\(signal.rawValue)" },
              { "server": "main", "expectExit": true }]
            """)
        #expect(small.problems == [])
        let suite = try #require(small.scenario.suite)
        let plan = try #require(small.plans.first)
        var interpreter = Interpreter(plan: plan, timing: Timing())
        interpreter.start()
        for event: WorldEvent in [
            .connected(LinkID(0)), .received(LinkID(0), Array(bytes.utf8)), .ended(LinkID(0), .fin),
            .serverEnded("was killed"),
        ] {
            interpreter.handle(event, at: 0)
        }
        #expect(interpreter.isFinished)
        return Judge.judge(
            plan, interpreter.transcript, requirements: suite.requirements, isStrict: false
        ).verdict
    }

    @Test("who is killed in the middle of a message has not said it")
    func killed() throws {
        #expect(try verdict(of: "", after: .kill) == .pass)
        #expect(try verdict(of: "half of a frame", after: .kill) == .pass)
    }

    @Test("a whole message counts nevertheless, and so does half a one of who was asked to end")
    func others() throws {
        let whole = String(repeating: "x", count: 200)
        #expect(try verdict(of: whole, after: .kill) == .fail)
        #expect(try verdict(of: "half of a frame", after: .terminate) == .fail)
    }
}
