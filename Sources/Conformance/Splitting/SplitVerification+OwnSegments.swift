// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// Cases whose own steps say what shares a segment, and which fail or warn.
///
///     apart ──holds──▶ as it is ──breaks──▶ apart ──holds──▶ as it is ──breaks──▶ broken
///
/// A cut of the run's has the uncut run beside it; here the run with all messages apart takes its
/// place. Where that fails or warns of the same, segments are not to blame.
extension SplitVerification {
    enum OwnOutcome {
        case broken(Splitting.OwnBreak, CaseRun, ScenarioReport)
        /// It does not hold with its messages apart, or does as it is.
        case notToBlame
        /// It breaks as it is, and does not when the same is tried again.
        case unstable
        /// It cannot be run with its messages apart, or does not come to what it is about.
        case untold
    }

    private enum Round {
        case broken(Trial)
        case held
        case untold
    }

    /// What the case at `place` comes to as it is, and with each message in a segment of its own.
    func verifyOwnSegments(_ place: Int) -> OwnOutcome {
        var known: Set<String> = []
        var shown: [Trial] = []
        for _ in 0..<Self.confirmations {
            switch round(place, &known) {
            case .broken(let trial): shown.append(trial)
            case .held: return shown.isEmpty ? .notToBlame : .unstable
            case .untold: return .untold
            }
        }
        // What one round warned of with all messages apart was no break of the other.
        let isBroken = shown.allSatisfy { $0.report.effect(besides: known).isBreak }
        guard isBroken, let last = shown.last else { return .unstable }
        return .broken(described(last.report, known), last.run, last.report)
    }

    /// The case with all messages apart, then as it is; what it warns of apart is known then.
    private func round(_ place: Int, _ known: inout Set<String>) -> Round {
        guard let apart = trial(place, isApart: true, within: nil), apart.report.isControl else {
            return .untold
        }
        guard apart.report.holds else { return .held }
        known.formUnion(apart.report.warned)
        guard let again = trial(place, isApart: false, within: patience(after: apart)) else {
            return .untold
        }
        if again.report.effect(besides: known).isBreak { return .broken(again) }
        return again.report.holds ? .held : .untold
    }

    /// As often as a cut has to break a case: what comes and goes by itself stays away once.
    private static var confirmations: Int { 2 }

    private func described(_ report: ScenarioReport, _ known: Set<String>) -> Splitting.OwnBreak {
        let finding = report.weightiest(besides: known)
        return Splitting.OwnBreak(
            caseID: report.plan.caseID,
            requirement: finding?.requirement ?? report.plan.primaryRequirement,
            level: finding?.level ?? report.plan.level, replay: report.reproduce)
    }

    /// It has failed with all patience before, and a server that is slow is so in both ways.
    private func patience(after apart: Trial) -> Int64 {
        max(SplitRequest.quickTimeout * session.request.run.scale, 4 * apart.report.duration)
    }

    private func trial(_ place: Int, isApart: Bool, within timeout: Int64?) -> Trial? {
        guard var planned = session.book.planned(place, nil, seed: session.seedOfTrial()),
            planned.skipped == nil
        else { return nil }
        if isApart { planned.plan = planned.plan.apart }
        planned.timeout = timeout
        return run(planned, as: isApart ? "with all messages apart" : "as it is")
    }
}

extension ScenarioReport {
    /// Whether it came to what it is about, so that another run may be held against it.
    ///
    /// A server that waits for an answer need not read what comes behind: then what is sent apart
    /// does not arrive apart, and the runner says that it was not taken.
    fileprivate var isControl: Bool {
        switch verdict {
        case .pass, .observed, .warn, .fail:
            !judgement.findings.contains { finding in
                if case .notTaken = finding.kind { true } else { false }
            }
        case .inconclusive, .skipped, .error: false
        }
    }
}
