// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// Looks at a suspect as closely as its replay will, and makes the cut that breaks it small.
///
///     uncut ──▶ cut ──▶ smaller cuts ──▶ smallest ──▶ uncut ──▶ smallest ──▶ broken
///
/// Each on a fresh server where servers are launched, with the names of the trial that has failed.
/// What comes and goes by itself comes uncut, too, or stays away once.
final class SplitVerification {
    enum Outcome {
        case broken(Splitting.Break, CaseRun, ScenarioReport)
        /// It does not come to what it is about when it is cut.
        case unreached
        /// It does not fail again, or not only when it is cut.
        case unstable
    }

    typealias Trial = (run: CaseRun, report: ScenarioReport)

    let session: SplitSession
    private let runner: Runner
    /// When no smaller cut is looked for any more; `nil`: when there is none.
    var end: Int64?
    /// A trial did not come to its end, as all time was over.
    private(set) var isCutShort = false

    init(_ session: SplitSession, _ runner: Runner) {
        self.session = session
        self.runner = runner
    }

    func verify(_ suspect: SplitSuspect) -> Outcome {
        var known = session.book.uncut[suspect.place]?.warned ?? []
        guard holds(suspect, &known),
            let again = trial(suspect, suspect.cut, isQuick: true)
        else { return .unstable }
        let effect = again.report.effect(besides: known)
        guard effect != .none else { return .unstable }
        if effect == .unreached, suspect.cut.reach == .everything { return .unreached }
        var shrinker = CutShrinker(
            suspect.cut, broke: effect.isBreak,
            forms: session.book.uncut[suspect.place]?.forms ?? [],
            places: again.report.transcript?.cutPlaces ?? [])
        shrink(suspect, &shrinker, to: max(effect, .warning), known)
        guard let smallest = shrinker.smallest else { return .unreached }
        var candidates = [smallest]
        if smallest != suspect.cut { candidates.append(suspect.cut) }
        for cut in candidates {
            guard let last = confirmed(suspect, cut, to: .warning, &known) else { continue }
            let shrunk = shrunk(suspect, cut, last.report, by: shrinker)
            let found = described(shrunk, last.report, known)
            return .broken(found, last.run, last.report)
        }
        return effect.isBreak ? .unstable : .unreached
    }

    /// Whether the case holds uncut; what it warns of then is known from now on.
    func holds(_ suspect: SplitSuspect, _ known: inout Set<String>) -> Bool {
        guard let uncut = trial(suspect, nil, isQuick: false), uncut.report.holds else {
            return false
        }
        known.formUnion(uncut.report.warned)
        return true
    }

    /// The cut does at least so much to the case, which holds without it, and does it again.
    func confirmed(
        _ suspect: SplitSuspect, _ cut: SplitCut, to wanted: CutEffect,
        _ known: inout Set<String>
    ) -> Trial? {
        guard let once = trial(suspect, cut, isQuick: false),
            once.report.effect(besides: known) >= wanted, holds(suspect, &known),
            let twice = trial(suspect, cut, isQuick: true),
            twice.report.effect(besides: known) >= wanted,
            once.report.effect(besides: known) >= wanted
        else { return nil }
        return once
    }

    func shrink(
        _ suspect: SplitSuspect, _ shrinker: inout CutShrinker, to wanted: CutEffect,
        _ known: Set<String>
    ) {
        while !session.isInterrupted, !isOver, let cut = shrinker.next() {
            let tried = trial(suspect, cut, isQuick: true)
            shrinker.note(
                broke: tried.map { $0.report.effect(besides: known) >= wanted } ?? false,
                places: tried?.report.transcript?.cutPlaces ?? [])
        }
        if session.isInterrupted || isOver { shrinker.noteEnd() }
    }

    private var isOver: Bool { end.map { MonotonicClock.now > $0 } ?? false }

    func described(
        _ cut: ShrunkCut, _ report: ScenarioReport, _ known: Set<String>
    ) -> Splitting.Break {
        let finding = report.weightiest(besides: known)
        return Splitting.Break(
            caseID: report.plan.caseID,
            requirement: finding?.requirement ?? report.plan.primaryRequirement,
            level: finding?.level ?? report.plan.level, cut: cut)
    }

    /// What the shrinker has come to, and the report of the run that shows it.
    func shrunk(
        _ suspect: SplitSuspect, _ cut: SplitCut, _ report: ScenarioReport,
        by shrinker: CutShrinker
    ) -> ShrunkCut {
        let places = report.transcript?.cutPlaces ?? []
        return ShrunkCut(
            foundBy: suspect.cut.plan, smallest: cut,
            places: Array(places.prefix(Self.mostPlaces)), trials: shrinker.trials,
            isUnfinished: shrinker.isUnfinished, replay: report.reproduce)
    }

    private static let mostPlaces = 16

    func trial(_ suspect: SplitSuspect, _ cut: SplitCut?, isQuick: Bool) -> Trial? {
        let seed = session.seedOfTrial() ?? suspect.seed
        guard var planned = session.book.planned(suspect.place, cut, seed: seed),
            planned.skipped == nil
        else { return nil }
        planned.timeout = isQuick ? session.quickTimeout(suspect.place) : nil
        return run(planned, as: cut?.description ?? "uncut")
    }

    /// One run, which is not begun or goes on when all time is over.
    func run(_ planned: PlannedCase, as what: String) -> Trial {
        var planned = planned
        planned.notAfter = session.lastEnd
        planned.cutOff = session.lastEnd
        let run = runner.run(planned, following: 0)
        session.note(run)
        isCutShort = isCutShort || session.isLate(run)
        let report = session.judging.report(run)
        session.progress.show("verifying \(what)", report.id)
        return (run, report)
    }
}

extension SplitSession {
    /// Another one for each trial where one server hears all their names; `nil` where each trial
    /// has a fresh one, as its replay will.
    func seedOfTrial() -> UInt64? {
        guard !request.hasServersOfItsOwn else { return nil }
        return book.nextSeed()
    }
}
