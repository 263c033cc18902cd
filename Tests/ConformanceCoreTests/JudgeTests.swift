// SPDX-License-Identifier: Apache-2.0

import Bytes
import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Judging")
struct JudgeTests {
    private static let two = """
        "preamble": [
          { "peer": "alice", "do": "enter" }, { "peer": "alice", "send": "/create room" },
          { "peer": "bob", "do": "enter" }, { "peer": "bob", "send": "/join room" }],
        """

    private func judge(
        _ members: String, isStrict: Bool = false, fault: String? = nil
    ) throws -> (judgement: Judgement, transcript: Transcript) {
        let small = SmallSuite(members)
        #expect(small.problems == [])
        let suite = try #require(small.suite)
        let plan = try #require(small.plans.first)
        let chat = try #require(ProtocolCatalog.find("padded"))
        let machine =
            if let fault { try #require(chat.fault(named: fault)).makeServer() } else {
                chat.makeServer()
            }
        let run = InMemoryExecutor.run(plan, on: machine)
        let judgement = Judge.judge(
            plan, run.transcript, requirements: suite.requirements, isStrict: isStrict)
        #expect(disagreements(plan, run.transcript, judgement) == [])
        return (judgement, run.transcript)
    }

    private func says(_ steps: String, requirement: String = "must") -> String {
        "\"requirements\": [\"\(requirement)\"], \(Self.two) \"steps\": [\(steps)]"
    }

    @Test("what goes as planned passes")
    func passes() throws {
        let (judgement, transcript) = try judge(
            says(
                """
                { "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": "[${bob}] hi" },
                { "peer": "bob", "expectNothing": true }
                """))
        #expect(judgement.verdict == .pass)
        #expect(judgement.findings == [])
        #expect(
            !transcript.entries.contains {
                if case .waitedQuietly = $0.event { true } else { false }
            })
    }

    @Test("another message than required fails, and the difference has its place")
    func mismatch() throws {
        let (judgement, _) = try judge(
            says(#"{ "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": "[${bob}] ho" }"#))
        #expect(judgement.verdict == .fail)
        guard case .mismatch(let mismatch)? = judgement.findings.first?.kind else {
            return #expect(Bool(false), "\(judgement.findings)")
        }
        #expect(mismatch.firstDifference == 12)
        #expect(mismatch.accepted.count == 1)
    }

    @Test("nothing within the time fails as silence, and says what was awaited")
    func silence() throws {
        let (judgement, _) = try judge(
            says(#"{ "peer": "alice", "expect": "x", "within": "300ms" }"#))
        #expect(
            judgement.findings.map(\.kind) == [.silence(accepted: ["\"x\""], waited: 300_000_000)])
    }

    @Test("a message that nothing asked for fails at the end, if no step before")
    func unexpected() throws {
        let (judgement, _) = try judge(says(#"{ "peer": "bob", "send": "hi" }"#))
        #expect(judgement.verdict == .fail)
        #expect(judgement.findings.map(\.kind) == [.unexpected])
    }

    @Test("what comes unasked is against what its form says, where the scenario is about frames")
    func unaskedElsewhere() throws {
        let steps = #"{ "peer": "bob", "send": "hi" }"#
        let (judgement, _) = try judge(says(steps, requirement: "frames"))
        #expect(judgement.findings.map(\.kind) == [.unexpected])
        #expect(judgement.findings.map(\.requirement) == ["must"])
        let own = try judge(says(steps, requirement: "should")).judgement
        #expect(own.findings.map(\.requirement) == ["should"])
    }

    @Test("a barrier's answer that somebody else gets is against what the barrier says")
    func strayed() throws {
        let fault = "error-is-told-to-the-channel"
        let steps =
            #"{ "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": { "any": true } }"#
        let (judgement, _) = try judge(says(steps), fault: fault)
        #expect(judgement.verdict == .fail)
        let finding = try #require(judgement.findings.first)
        #expect(finding.requirement == "frames")
        guard case .strayed(let asked) = finding.kind else {
            Issue.record("\(finding.kind)")
            return
        }
        #expect(["alice", "bob"].contains(asked))
        let lenient = try judge(says(steps, requirement: "should"), fault: fault).judgement
        #expect(Set(lenient.findings.map(\.level)) == [.should])
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
        let (judgement, _) = try judge(
            says(
                """
                { "peer": "bob", "send": "noise" }, { "peer": "bob", "send": "hi" },
                { "peer": "alice", "expect": "[${bob}] hi" }, { "peer": "bob", "send": "noise" }
                """) + #", "allow": [{ "endsWith": "noise" }]"#)
        #expect(judgement.verdict == .pass)
    }

    @Test("a message may be taken from amid others, which stay for later steps")
    func othersStay() throws {
        let steps = """
            { "peer": "bob", "send": "first" }, { "peer": "bob", "send": "second" },
            { "peer": "alice", "expect": "[${bob}] second", "others": "stay" }
            """
        let (judgement, _) = try judge(
            says(steps + #", { "peer": "alice", "expect": "[${bob}] first" }"#))
        #expect(judgement.verdict == .pass)
        #expect(try judge(says(steps)).judgement.findings.map(\.kind) == [.unexpected])
    }

    @Test("which alternative an expectation met is reported where the step says so")
    func observesWhatIsExpected() throws {
        let (judgement, _) = try judge(
            says(
                """
                { "peer": "bob", "send": "hi" },
                { "peer": "alice", "observes": "open",
                  "expect": [{ "message": "hi", "as": "bare" },
                    { "message": { "endsWith": "hi" }, "as": "with the name" }] }
                """))
        #expect(judgement.verdict == .pass)
        #expect(judgement.observed.map(\.label) == ["with the name"])
        #expect(judgement.observed.map(\.requirement) == ["open"])
    }

    @Test("a preamble that fails makes the scenario inconclusive")
    func inconclusive() throws {
        let (judgement, _) = try judge(
            """
            "requirements": ["must"], "preamble": [{ "peer": "alice", "do": "enter" },
              { "peer": "alice", "expect": "welcome", "within": "10ms" }], "steps": []
            """)
        #expect(judgement.verdict == .inconclusive)
    }

    @Test("what comes unasked in the preamble is cleared")
    func cleared() throws {
        let (judgement, transcript) = try judge(
            says(#"{ "peer": "alice", "expectNothing": true }"#))
        #expect(judgement.verdict == .pass)
        #expect(transcript.entries.contains { if case .cleared = $0.event { true } else { false } })
    }

    @Test("only an S requirement broken is a warning, and under --strict a failure")
    func warns() throws {
        let members = says(
            #"{ "peer": "alice", "expect": "x", "within": "10ms" }"#, requirement: "should")
        #expect(try judge(members).judgement.verdict == .warn)
        #expect(try judge(members, isStrict: true).judgement.verdict == .fail)
    }

    @Test("an open requirement is observed, named or other, and never fails")
    func observes() throws {
        func observed(_ first: String) throws -> Judgement {
            try judge(
                says(
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

    @Test("an alternative goes on with steps of its own")
    func either() throws {
        let (judgement, _) = try judge(
            says(
                """
                { "peer": "bob", "send": "/join nowhere" },
                { "peer": "bob", "either": [
                  { "nothing": true, "steps": [{ "peer": "bob", "expect": "never" }] },
                  { "message": { "startsWith": "No channel" }, "steps": [
                    { "peer": "bob", "send": "still here" },
                    { "peer": "alice", "expect": "[${bob}] still here" }] }] }
                """))
        #expect(judgement.verdict == .pass)
    }

    @Test("a tolerated alternative passes, and fails under --strict")
    func tolerated() throws {
        let members = says(
            """
            { "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": { "anyOf": ["hi",
              { "message": "[${bob}] hi", "tolerated": "the brackets" }] } }
            """)
        #expect(try judge(members).judgement.verdict == .pass)
        #expect(try judge(members).judgement.tolerated.count == 1)
        #expect(try judge(members, isStrict: true).judgement.verdict == .fail)
    }

    @Test("messages in any order are all required, each once")
    func expectAll() throws {
        func verdict(_ awaited: String) throws -> Judgement {
            try judge(
                says(
                    """
                    { "peer": "bob", "send": "one" }, { "peer": "bob", "send": "two" },
                    { "peer": "alice", "expectAll": [\(awaited)], "within": "50ms" }
                    """)
            ).judgement
        }
        #expect(try verdict(#""[${bob}] two", "[${bob}] one""#).verdict == .pass)
        let more = try verdict(#""[${bob}] two", "[${bob}] one", "[${bob}] three""#)
        guard case .missing(let missing, _)? = more.findings.first?.kind else {
            return #expect(Bool(false), "\(more.findings)")
        }
        #expect(missing.count == 1)
        let other = try verdict(#""[${bob}] two", "[${bob}] three""#)
        #expect(other.findings.count == 1)
        guard case .mismatch? = other.findings.first?.kind else {
            return #expect(Bool(false), "\(other.findings)")
        }
    }

    @Test("what no message announces is asked for until it holds")
    func eventually() throws {
        let (judgement, _) = try judge(
            says(
                """
                { "peer": "bob", "eventually": { "send": "/list", "until": "room" } },
                { "peer": "bob", "eventually": { "send": "/list", "until": "other" },
                  "within": "200ms" }
                """))
        guard case .neverHeld(let attempts, _, _)? = judgement.findings.first?.kind else {
            return #expect(Bool(false), "\(judgement.findings)")
        }
        #expect(attempts > 3)
    }

    @Test("a close is told from silence and from messages before it")
    func closes() throws {
        let (judgement, _) = try judge(
            says(
                #"{ "peer": "bob", "closeWrite": true }, { "peer": "bob", "expectClose": "fin" }, { "peer": "alice", "expect": "${bob} has left" }"#
            ))
        #expect(judgement.verdict == .pass)
        let wrong = try judge(
            says(
                #"{ "peer": "bob", "closeWrite": true }, { "peer": "bob", "expectClose": "reset" }"#
            ))
        #expect(wrong.judgement.findings.first?.kind == .wrongEnd(.fin, wanted: .reset))
        let never = try judge(says(#"{ "peer": "bob", "expectClose": "fin", "within": "10ms" }"#))
        #expect(never.judgement.findings.first?.kind == .notEnded(waited: 10_000_000))
    }

    @Test("groups run at once, and each is awaited")
    func together() throws {
        let (judgement, _) = try judge(
            says(
                """
                { "together": { "who": ["alice", "bob"] }, "steps": [
                  { "peer": "${who}", "send": "from ${who}" }] },
                { "peer": "alice", "expect": "[${bob}] from bob" },
                { "peer": "bob", "expect": "[${alice}] from alice" }
                """))
        #expect(judgement.verdict == .pass)
    }

    @Test("each cut inside a message is counted with its form and offset")
    func cuts() throws {
        let (judgement, transcript) = try judge(
            says(
                #"{ "peer": "bob", "send": "hi", "split": "at:1,199" }, { "peer": "alice", "expect": "[${bob}] hi" }"#
            ))
        #expect(judgement.verdict == .pass)
        let cuts = transcript.entries.compactMap { entry -> String? in
            guard case .cut(_, let form, let offset, let proven) = entry.event else { return nil }
            return "\(form ?? "") \(offset) \(proven)"
        }
        #expect(cuts == ["text 1 true", "text 199 true"])
    }

    @Test("half a frame cannot be answered for: the absence needs a quiet window")
    func quiet() throws {
        let (judgement, transcript) = try judge(
            says(
                """
                { "peer": "bob", "sendBytes": { "frame": "hi", "to": 199 } },
                { "peer": "alice", "expectNothing": { "quiet": "half a frame is pending" } },
                { "peer": "bob", "sendBytes": { "frame": "hi", "from": 199 } },
                { "peer": "alice", "expect": "[${bob}] hi" }
                """))
        #expect(judgement.verdict == .pass)
        #expect(
            transcript.entries.contains {
                if case .proof(_, .drained) = $0.event { true } else { false }
            })
    }
}
