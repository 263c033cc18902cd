// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Finds what it is that keeps a case from what it is about.
///
///     uncut ──▶ cut ──▶ one form alone, all over ──▶ broken
///                              └──▶ smaller cuts ──▶ smallest, twice ──▶ hindered
///
/// A case whose preamble does not hold under a cut, or whose questions are not answered, shows
/// nothing of its subject; but that a cut does this to it, and which, can be shown.
extension SplitVerification {
    enum Narrowed {
        /// With one form cut it comes to what it is about, and that fails.
        case broken(Splitting.Break, CaseRun, ScenarioReport)
        case hindered(Splitting.Hindrance)
        /// It does not come again.
        case unstable
    }

    func narrow(_ suspect: SplitSuspect) -> Narrowed {
        let uncut = session.book.uncut[suspect.place]
        var known = uncut?.warned ?? []
        guard holds(suspect, &known), let again = trial(suspect, suspect.cut, isQuick: true),
            again.report.effect(besides: known) != .none
        else { return .unstable }
        let places = again.report.transcript?.cutPlaces ?? []
        func smallest(_ wanted: CutEffect) -> (cut: SplitCut, shrinker: CutShrinker, last: Trial)? {
            var shrinker = CutShrinker(
                suspect.cut, broke: again.report.effect(besides: known) >= wanted,
                forms: uncut?.allForms ?? [], places: places)
            shrink(suspect, &shrinker, to: wanted, known)
            guard let cut = shrinker.smallest,
                let last = confirmed(suspect, cut, to: wanted, &known)
            else { return nil }
            return (cut, shrinker, last)
        }
        if let (cut, shrinker, last) = smallest(.warning) {
            let shrunk = shrunk(suspect, cut, last.report, by: shrinker)
            let found = described(shrunk, last.report, known)
            return .broken(found, last.run, last.report)
        }
        guard let (cut, shrinker, last) = smallest(.unreached) else { return .unstable }
        return .hindered(
            Splitting.Hindrance(
                caseID: last.report.plan.caseID,
                cut: shrunk(suspect, cut, last.report, by: shrinker)))
    }
}
