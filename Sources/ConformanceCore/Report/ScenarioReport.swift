// SPDX-License-Identifier: Apache-2.0

package import Bytes
import Specs

/// One scenario's part of a report.
package struct ScenarioReport: Equatable, Sendable {
    /// What the report says of a scenario that was run, or why it was not.
    package var verdict: Verdict
    package var plan: Plan
    /// The cut that the run laid over the scenario, where it did.
    package var split: CutPlan?
    /// The seed of its plan, where that is not the run's (a later round of a repetition).
    package var seed: UInt64?
    /// Why it was skipped.
    package var skipped: SkipReason?
    package var judgement: Judgement
    /// Findings that were left out of `judgement`, as there were too many.
    package var omittedFindings = 0
    package var transcript: Transcript?
    package var duration: Int64
    package var serverOutput: ServerOutput?
    /// How the server ended by itself.
    package var serverEnd: String?
    /// The capture's path, relative to the report.
    package var capture: String?
    /// A command that runs this scenario again as it was.
    package var reproduce: String

    package init(
        plan: Plan, judgement: Judgement, duration: Int64, reproduce: String,
        split: CutPlan? = nil, skipped: SkipReason? = nil, transcript: Transcript? = nil,
        serverOutput: ServerOutput? = nil, serverEnd: String? = nil, capture: String? = nil
    ) {
        verdict = judgement.verdict
        self.plan = plan
        self.judgement = judgement
        self.duration = duration
        self.reproduce = reproduce
        self.split = split
        self.skipped = skipped
        self.transcript = transcript
        self.serverOutput = serverOutput
        self.serverEnd = serverEnd
        self.capture = capture
    }

    /// The case, with the cut that was laid over it: unique in a report.
    package var id: String {
        split.map { "\(plan.caseID){\($0)}" } ?? plan.caseID
    }

    /// The findings, those that made the verdict before those of what is left open.
    package var weightyFirst: [Finding] {
        let findings = judgement.findings
        return findings.filter { $0.level > .open } + findings.filter { $0.level == .open }
    }

    /// The ways in which absence was shown.
    package var proofs: [AbsenceProof] {
        transcript?.entries.compactMap { entry in
            if case .proof(_, let proof) = entry.event { proof } else { nil }
        } ?? []
    }
}

/// What a launched server printed: its beginning and its end.
package struct ServerOutput: Equatable, Sendable {
    package var head: [UInt8]
    /// Bytes that were left out between `head` and `tail`.
    package var omitted: Int
    package var tail: [UInt8]

    package init(head: [UInt8], omitted: Int, tail: [UInt8]) {
        self.head = head
        self.omitted = omitted
        self.tail = tail
    }
}
