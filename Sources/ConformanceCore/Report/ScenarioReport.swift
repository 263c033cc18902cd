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
    package var capture: ScenarioCapture?
    /// What else may explain the verdict.
    package var note: String?
    /// A command that runs this scenario again as it was.
    package var reproduce: String

    package init(
        plan: Plan, judgement: Judgement, duration: Int64, reproduce: String,
        split: CutPlan? = nil, skipped: SkipReason? = nil, transcript: Transcript? = nil,
        serverOutput: ServerOutput? = nil, serverEnd: String? = nil, capture: ScenarioCapture? = nil
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

    /// Whether the cut that the run laid over it has cut or joined any of its messages.
    package var isCutByRun: Bool {
        guard let split, let transcript else { return false }
        if plan.joinsMessages(as: split) { return true }
        return !plan.cutsItself(besides: split) && !transcript.cutPlaces.isEmpty
    }

    /// Whether the server has said, where it should not, that a name is taken.
    package var saysNamesAreTaken: Bool {
        guard let messages = transcript?.messages else { return false }
        let taken = plan.document.taken.map { Pattern($0) }
        return judgement.findings.contains { finding in
            guard finding.level > .open, let number = finding.message,
                messages.indices.contains(number)
            else { return false }
            return taken.contains { $0.matches(messages[number].candidate) }
        }
    }

    /// The waits for what takes the server a time of its own.
    package var waits: [LongWait] {
        guard let transcript else { return [] }
        let waited = transcript.entries.compactMap { entry -> (id: StepID, time: Int64)? in
            if case .waited(let id, let time) = entry.event { (id, time) } else { nil }
        }
        guard !waited.isEmpty else { return [] }
        let steps = plan.allSteps.filter { $0.patience != nil }
        return waited.compactMap { id, time in
            steps.first { $0.id == id }?.patience.map {
                LongWait(step: id, patience: $0, waited: time)
            }
        }
    }

    /// The ways in which absence was shown.
    package var proofs: [AbsenceProof] {
        transcript?.entries.compactMap { entry in
            if case .proof(_, let proof) = entry.event { proof } else { nil }
        } ?? []
    }
}

/// How long a step waited for what takes the server a time of its own.
package struct LongWait: Equatable, Sendable {
    package var step: StepID
    package var patience: Patience
    /// Nanoseconds.
    package var waited: Int64
}

/// A scenario's capture, and where its packets come from.
package struct ScenarioCapture: Equatable, Sendable {
    package enum Source: Equatable, Sendable {
        /// Recorded while the scenario ran.
        case live(interface: String)
        /// Made from the transcript, since nothing whole was recorded.
        case synthesised(reason: String)
    }

    /// Relative to the report.
    package var path: String
    /// `nil` in reports of versions that did not say.
    package var source: Source?

    package init(path: String, source: Source?) {
        self.path = path
        self.source = source
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
