// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Judging steps")
struct JudgeStepsTests {
    @Test("an alternative goes on with steps of its own")
    func either() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "peer": "bob", "send": "/join nowhere" },
                { "peer": "bob", "either": [
                  { "nothing": true, "steps": [{ "peer": "bob", "expect": "never" }] },
                  { "message": { "startsWith": "No channel" }, "steps": [
                    { "peer": "bob", "send": "still here" },
                    { "peer": "alice", "expect": "[${bob}] still here" }] }] }
                """))
        #expect(run.verdict == .pass)
    }

    @Test("what no message announces is asked for until it holds")
    func eventually() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "peer": "bob", "eventually": { "send": "/list", "until": "room" } },
                { "peer": "bob", "eventually": { "send": "/list", "until": "other" },
                  "within": "200ms" }
                """))
        guard case .neverHeld(let attempts, _, _)? = run.judgement.findings.first?.kind else {
            return #expect(Bool(false), "\(run.judgement.findings)")
        }
        #expect(attempts > 3)
    }

    @Test("a close is told from silence and from messages before it")
    func closes() throws {
        let run = try AgreedRun(
            padded: inRoom(
                #"{ "peer": "bob", "closeWrite": true }, { "peer": "bob", "expectClose": "fin" }, { "peer": "alice", "expect": "${bob} has left" }"#
            ))
        #expect(run.verdict == .pass)
        let wrong = try AgreedRun(
            padded: inRoom(
                #"{ "peer": "bob", "closeWrite": true }, { "peer": "bob", "expectClose": "reset" }"#
            ))
        #expect(wrong.judgement.findings.first?.kind == .wrongEnd(.fin, wanted: .reset))
        let never = try AgreedRun(
            padded: inRoom(#"{ "peer": "bob", "expectClose": "fin", "within": "10ms" }"#))
        #expect(never.judgement.findings.first?.kind == .notEnded(waited: 10_000_000))
    }

    @Test("groups run at once, and each is awaited")
    func together() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "together": { "who": ["alice", "bob"] }, "steps": [
                  { "peer": "${who}", "send": "from ${who}" }] },
                { "peer": "alice", "expect": "[${bob}] from bob" },
                { "peer": "bob", "expect": "[${alice}] from alice" }
                """))
        #expect(run.verdict == .pass)
    }

    @Test("half a frame cannot be answered for: the absence needs a quiet window")
    func quiet() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "peer": "bob", "sendBytes": { "frame": "hi", "to": 199 } },
                { "peer": "alice", "expectNothing": { "quiet": "half a frame is pending" } },
                { "peer": "bob", "sendBytes": { "frame": "hi", "from": 199 } },
                { "peer": "alice", "expect": "[${bob}] hi" }
                """))
        #expect(run.verdict == .pass)
        #expect(
            run.transcript.entries.contains {
                if case .proof(_, .drained) = $0.event { true } else { false }
            })
    }
}
