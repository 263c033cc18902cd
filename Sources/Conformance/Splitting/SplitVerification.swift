// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// Looks at a suspect as closely as its replay will, and makes the cut that breaks it small.
struct SplitVerification {
    enum Outcome {
        case broken(Splitting.Break, CaseRun, ScenarioReport)
        /// Its preamble does not hold when it is cut.
        case unreached
        /// It does not fail again, or not only when it is cut.
        case unstable
    }

    private let session: SplitSession
    private let runner: Runner

    init(_ session: SplitSession, _ runner: Runner) {
        self.session = session
        self.runner = runner
    }

    func verify(_ suspect: SplitSuspect) -> Outcome {
        guard let uncut = trial(suspect.place, nil, isQuick: false), uncut.report.verdict.isGood,
            let again = trial(suspect.place, SplitCut(plan: suspect.plan), isQuick: true),
            !again.report.verdict.isGood
        else { return .unstable }
        let hasFailed = again.report.verdict == .fail
        var shrinker = CutShrinker(
            suspect.plan, broke: hasFailed,
            forms: session.book.uncut[suspect.place]?.forms ?? [],
            places: again.report.transcript?.cutPlaces ?? [])
        shrink(suspect.place, &shrinker)
        guard let smallest = shrinker.smallest else { return .unreached }
        var candidates = [smallest]
        if smallest.form != nil || smallest.plan != suspect.plan {
            candidates.append(SplitCut(plan: suspect.plan))
        }
        for cut in candidates {
            guard let last = trial(suspect.place, cut, isQuick: false),
                last.report.verdict == .fail
            else { continue }
            let found = described(suspect, cut, last.report, trials: shrinker.trials)
            return .broken(found, last.run, last.report)
        }
        return hasFailed ? .unstable : .unreached
    }

    private func shrink(_ place: Int, _ shrinker: inout CutShrinker) {
        while !session.isInterrupted, session.timeLeft ?? 1 > 0, let cut = shrinker.next() {
            let tried = trial(place, cut, isQuick: true)
            shrinker.note(
                broke: tried?.report.verdict == .fail,
                places: tried?.report.transcript?.cutPlaces ?? [])
        }
    }

    private func described(
        _ suspect: SplitSuspect, _ cut: SplitCut, _ report: ScenarioReport, trials: Int
    ) -> Splitting.Break {
        let places = report.transcript?.cutPlaces ?? []
        return Splitting.Break(
            caseID: report.plan.caseID,
            requirement: report.weightyFirst.first?.requirement ?? report.plan.primaryRequirement,
            found: suspect.plan, smallest: cut, places: Array(places.prefix(Self.mostPlaces)),
            trials: trials, replay: report.reproduce)
    }

    private static let mostPlaces = 16

    private func trial(
        _ place: Int, _ cut: SplitCut?, isQuick: Bool
    ) -> (run: CaseRun, report: ScenarioReport)? {
        guard var planned = session.book.planned(place, cut, seed: session.seedOfTrial()),
            planned.skipped == nil
        else { return nil }
        planned.timeout = isQuick ? session.quickTimeout(place) : nil
        let run = runner.run(planned, following: 0)
        let report = session.judging.report(run)
        session.progress.show("verifying \(cut?.description ?? "uncut")", report.id)
        return (run, report)
    }
}

extension SplitSession {
    /// The run's seed where each trial has a fresh server, as its replay will; one of its own where
    /// the server has heard the names of the run's already.
    func seedOfTrial() -> UInt64? {
        guard !request.hasServersOfItsOwn else { return nil }
        trialsOnOneServer += 1
        var random = SeededGenerator(seed: request.run.seed)
            .derived(for: "trial \(trialsOnOneServer)")
        return random.next() % 1_000_000_000
    }
}

extension Verdict {
    /// Whether the case held.
    var isGood: Bool {
        switch self {
        case .pass, .observed, .warn: true
        case .fail, .inconclusive, .skipped, .error: false
        }
    }
}
