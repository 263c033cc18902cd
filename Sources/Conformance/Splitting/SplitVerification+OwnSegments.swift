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
        /// It cannot be run with its messages apart.
        case untold
    }

    /// What the case at `place` comes to as it is, and with each message in a segment of its own.
    func verifyOwnSegments(_ place: Int) -> OwnOutcome {
        var known: Set<String> = []
        var shown: Trial?
        for _ in 0..<Self.confirmations {
            guard let apart = trial(place, isApart: true, within: nil),
                apart.report.isControl
            else { return .untold }
            guard apart.report.holds else { return .notToBlame }
            known.formUnion(apart.report.warned)
            let again = trial(place, isApart: false, within: patience(after: apart))
            guard let again, again.report.effect(besides: known).isBreak else {
                return .notToBlame
            }
            shown = again
        }
        guard let shown else { return .untold }
        return .broken(described(shown.report, known), shown.run, shown.report)
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
