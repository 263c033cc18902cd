// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// Cases whose own steps say what shares a segment, and which fail or warn.
///
///     as it is ──▶ each message apart ──holds──▶ as it is ──▶ broken
///
/// A cut of the run's has the uncut run beside it; here the run with all messages apart takes its
/// place. Where that fails or warns of the same, segments are not to blame.
extension SplitSession {
    /// Notes a case that did not hold, or warned, as it is.
    func noteDoubt(_ run: CaseRun, _ report: ScenarioReport) {
        guard report.effect(besides: []).isBreak, run.planned.plan.hasOwnSegments else { return }
        doubts.append(run.planned.place)
    }

    /// Looks at all of them, as long as there is time.
    func settleDoubts(_ verification: SplitVerification) {
        while let place = doubts.popFirst(), !isInterrupted, !isEnough {
            if verificationLeft.map({ $0 <= 0 }) ?? false { return }
            guard let found = verification.breakOfItsOwn(place) else { continue }
            splitting.ownBreaks.append(found)
            splitting.forget(found.caseID)
        }
    }
}

extension SplitVerification {
    /// What a case breaks as it is, and not with each message in a segment of its own.
    func breakOfItsOwn(_ place: Int) -> Splitting.OwnBreak? {
        guard let apart = trial(place, isApart: true, within: nil), apart.report.holds,
            let again = trial(place, isApart: false, within: patience(after: apart)),
            again.report.effect(besides: apart.report.warned).isBreak
        else { return nil }
        let finding = again.report.weightiest(besides: apart.report.warned)
        return Splitting.OwnBreak(
            caseID: again.report.plan.caseID,
            requirement: finding?.requirement ?? again.report.plan.primaryRequirement,
            level: finding?.level ?? again.report.plan.level, replay: again.report.reproduce)
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
