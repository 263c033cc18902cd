// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Judging")
struct JudgeTests {
    @Test("what goes as planned passes")
    func passes() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": "[${bob}] hi" },
                { "peer": "bob", "expectNothing": true }
                """))
        #expect(run.verdict == .pass)
        #expect(run.judgement.findings == [])
        #expect(
            !run.transcript.entries.contains {
                if case .waitedQuietly = $0.event { true } else { false }
            })
    }

    @Test("news of what a procedure does may come late where the preamble calls it")
    func lateNews() throws {
        let steps = #"{ "peer": "bob", "send": "hi" }"#
        let sits = #"{ "peer": "bob", "do": "sit", "with": { "in": "room" } }"#
        func allowed(preamble: String, steps: String) throws -> [Pattern] {
            let small = SmallSuite(
                "\"requirements\": [\"must\"], \"preamble\": [\(preamble)], \"steps\": [\(steps)]")
            #expect(small.problems == [])
            return try #require(small.plans.first).allow
        }
        #expect(try allowed(preamble: sits, steps: steps).count == 1)
        let enters = #"{ "peer": "carol", "do": "enter" }"#
        #expect(try allowed(preamble: enters, steps: "\(sits), \(steps)").isEmpty)
    }

    @Test("what 'allow' names may come at any time")
    func allowed() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "peer": "bob", "send": "noise" }, { "peer": "bob", "send": "hi" },
                { "peer": "alice", "expect": "[${bob}] hi" }, { "peer": "bob", "send": "noise" }
                """) + #", "allow": [{ "endsWith": "noise" }]"#)
        #expect(run.verdict == .pass)
    }

    @Test("a preamble that fails makes the scenario inconclusive")
    func inconclusive() throws {
        let run = try AgreedRun(
            padded: """
                "requirements": ["must"], "preamble": [{ "peer": "alice", "do": "enter" },
                  { "peer": "alice", "expect": "welcome", "within": "10ms" }],
                "steps": [{ "peer": "alice", "send": "hello" }]
                """)
        #expect(run.verdict == .inconclusive)
    }

    @Test("what comes unasked in the preamble is cleared")
    func cleared() throws {
        let run = try AgreedRun(
            padded: inRoom(#"{ "peer": "alice", "expectNothing": true }"#))
        #expect(run.verdict == .pass)
        #expect(
            run.transcript.entries.contains { if case .cleared = $0.event { true } else { false } })
    }

    @Test("only an S requirement broken is a warning, and under --strict a failure")
    func warns() throws {
        let members = inRoom(
            #"{ "peer": "alice", "expect": "x", "within": "10ms" }"#, requirement: "should")
        #expect(try AgreedRun(padded: members).verdict == .warn)
        #expect(try AgreedRun(padded: members, isStrict: true).verdict == .fail)
    }

    @Test("an open requirement is observed, named or other, and never fails")
    func observes() throws {
        func observed(_ first: String) throws -> Judgement {
            try AgreedRun(
                padded: inRoom(
                    """
                    { "peer": "bob", "send": "/join" }, { "peer": "bob", "observe": [
                      { "as": "named", "message": \(first) }, { "as": "silent", "nothing": true }] }
                    """, requirement: "open")
            ).judgement
        }
        let named = try observed(#"{ "startsWith": "/join command must" }"#)
        #expect(named.verdict == .observed)
        #expect(named.observed.map(\.label) == ["named"])
        let other = try observed(#""?""#)
        #expect(other.verdict == .observed)
        #expect(other.observed.map(\.label) == [nil])
        #expect(other.observed.first?.messages.count == 1)
    }

    @Test("a tolerated alternative passes, and fails under --strict")
    func tolerated() throws {
        let members = inRoom(
            """
            { "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": { "anyOf": ["hi",
              { "message": "[${bob}] hi", "tolerated": "the brackets" }] } }
            """)
        #expect(try AgreedRun(padded: members).verdict == .pass)
        #expect(try AgreedRun(padded: members).judgement.tolerated.count == 1)
        #expect(try AgreedRun(padded: members, isStrict: true).verdict == .fail)
    }

    @Test("each cut inside a message is counted with its form and offset")
    func cuts() throws {
        let run = try AgreedRun(
            padded: inRoom(
                #"{ "peer": "bob", "send": "hi", "split": "at:1,199" }, { "peer": "alice", "expect": "[${bob}] hi" }"#
            ))
        #expect(run.verdict == .pass)
        let cuts = run.transcript.entries.compactMap { entry -> String? in
            guard case .cut(_, let form, let offset, let proven) = entry.event else { return nil }
            return "\(form ?? "") \(offset) \(proven)"
        }
        #expect(cuts == ["text 1 true", "text 199 true"])
    }
}
