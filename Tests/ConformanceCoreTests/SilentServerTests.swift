// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import TestSupport
import Testing

/// Answers that a server may leave out, and so are waited for once.
@Suite("Silent servers")
struct SilentServerTests {
    @Test("an answer that need not come has all its time once; then nobody waits for it")
    func silence() throws {
        let steps = """
            { "peer": "a", "connect": true },
            { "peer": "a", "send": "LOGIN ${a}" }, { "peer": "a", "expect": "IN" },
            { "peer": "a", "send": "NOTHING" },
            { "peer": "a", "either": [{ "message": "BUSY" }, { "nothing": true }],
              "silence": "it need not be answered" }
            """
        var first = SlowServer(milliseconds: 5, busyLogins: 0)
        let slow = try SlowRun(steps, by: &first)
        #expect(slow.judgement.verdict == .pass, "\(slow.judgement.findings)")
        #expect(slow.milliseconds >= 2_000)
        #expect(slow.knowledge.silences.count == 1)
        var second = SlowServer(milliseconds: 5, busyLogins: 0)
        let quick = try SlowRun(steps, by: &second, knowing: slow.knowledge)
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
        let step = try SlowRun.plan(steps).0.allSteps.first { $0.silence != nil }
        knowledge.silences = [try #require(step).position]
        var server = SlowServer(milliseconds: 5, busyLogins: 0)
        let run = try SlowRun(steps, by: &server, knowing: knowledge)
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
        #expect(run.knowledge.silences.isEmpty)
    }
}
