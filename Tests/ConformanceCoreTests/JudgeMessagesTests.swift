// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Judging messages")
struct JudgeMessagesTests {
    @Test("another message than required fails, and the difference has its place")
    func mismatch() throws {
        let run = try AgreedRun(
            padded: inRoom(
                #"{ "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": "[${bob}] ho" }"#))
        #expect(run.verdict == .fail)
        guard case .mismatch(let mismatch)? = run.judgement.findings.first?.kind else {
            return #expect(Bool(false), "\(run.judgement.findings)")
        }
        #expect(mismatch.firstDifference == 12)
        #expect(mismatch.accepted.count == 1)
    }

    @Test("nothing within the time fails as silence, and says what was awaited")
    func silence() throws {
        let run = try AgreedRun(
            padded: inRoom(#"{ "peer": "alice", "expect": "x", "within": "300ms" }"#))
        #expect(
            run.judgement.findings.map(\.kind) == [
                .silence(accepted: ["\"x\""], waited: 300_000_000)
            ])
    }

    @Test("a message that nothing asked for fails at the end, if no step before")
    func unexpected() throws {
        let run = try AgreedRun(padded: inRoom(#"{ "peer": "bob", "send": "hi" }"#))
        #expect(run.verdict == .fail)
        #expect(run.judgement.findings.map(\.kind) == [.unexpected])
    }

    @Test("what comes unasked is against what its form says, where the scenario is about frames")
    func unaskedElsewhere() throws {
        let steps = #"{ "peer": "bob", "send": "hi" }"#
        let run = try AgreedRun(padded: inRoom(steps, requirement: "frames"))
        #expect(run.judgement.findings.map(\.kind) == [.unexpected])
        #expect(run.judgement.findings.map(\.requirement) == ["must"])
        let own = try AgreedRun(padded: inRoom(steps, requirement: "should")).judgement
        #expect(own.findings.map(\.requirement) == ["should"])
        #expect(own.findings.map(\.level) == [.should])
    }

    @Test("a barrier's answer that somebody else gets is against what the barrier says")
    func strayed() throws {
        let fault = "error-is-told-to-the-channel"
        let steps =
            #"{ "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": { "any": true } }"#
        let run = try AgreedRun(padded: inRoom(steps), fault: fault)
        #expect(run.verdict == .fail)
        let finding = try #require(run.judgement.findings.first)
        #expect(finding.requirement == "frames")
        guard case .strayed(let asked) = finding.kind else {
            Issue.record("\(finding.kind)")
            return
        }
        #expect(["alice", "bob"].contains(asked))
    }

    @Test("what must be is broken also in a scenario about what should be, unless that is lowered")
    func blamedElsewhere() throws {
        let steps =
            #"{ "peer": "bob", "send": "hi" }, { "peer": "alice", "expect": { "any": true } }"#
        func levels(_ steps: String, _ requirement: String, fault: String?) throws -> Set<Level> {
            let run = try AgreedRun(padded: inRoom(steps, requirement: requirement), fault: fault)
            return Set(run.judgement.findings.map(\.level))
        }
        let tells = "error-is-told-to-the-channel"
        #expect(try levels(steps, "should", fault: tells) == [.must])
        #expect(try levels(steps, "open", fault: tells) == [.open])
        let lowered = #"must"], "level": "S", "allow": ["nothing"#
        #expect(try levels(steps, lowered, fault: tells) == [.should])
        let unasked = #"{ "peer": "bob", "send": "hi" }"#
        #expect(try levels(unasked, "normal", fault: nil) == [.must])
    }

    @Test("a message may be taken from amid others, which stay for later steps")
    func othersStay() throws {
        let steps = """
            { "peer": "bob", "send": "first" }, { "peer": "bob", "send": "second" },
            { "peer": "alice", "expect": "[${bob}] second", "others": "stay" }
            """
        let run = try AgreedRun(
            padded: inRoom(steps + #", { "peer": "alice", "expect": "[${bob}] first" }"#))
        #expect(run.verdict == .pass)
        #expect(
            try AgreedRun(padded: inRoom(steps)).judgement.findings.map(\.kind) == [.unexpected])
    }

    @Test("which alternative an expectation met is reported where the step says so")
    func observesWhatIsExpected() throws {
        let run = try AgreedRun(
            padded: inRoom(
                """
                { "peer": "bob", "send": "hi" },
                { "peer": "alice", "observes": "open",
                  "expect": [{ "message": "hi", "as": "bare" },
                    { "message": { "endsWith": "hi" }, "as": "with the name" }] }
                """))
        #expect(run.verdict == .pass)
        #expect(run.judgement.observed.map(\.label) == ["with the name"])
        #expect(run.judgement.observed.map(\.requirement) == ["open"])
    }

    @Test("messages in any order are all required, each once")
    func expectAll() throws {
        func verdict(_ awaited: String) throws -> Judgement {
            try AgreedRun(
                padded: inRoom(
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
}
