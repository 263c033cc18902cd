// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// What is run next, and who becomes a suspect.
extension SplitSession {
    /// Cases without a cut and trials, as they come.
    var cases: AnySequence<PlannedCase> {
        AnySequence { AnyIterator { [self] in nextCase() } }
    }

    /// `nil` also where something has to be known first: a suspect, or how a case does uncut.
    private func nextCase() -> PlannedCase? {
        if isEnough { return end(.breaks, isEarly: hasMore) }
        // Enough to look at more closely before anything else is tried.
        if suspects.count + splitting.breaks.count >= request.stopAfter { return nil }
        if request.budget != nil, suspects.count >= request.run.jobs { return nil }
        if isTimeToStop { return end(.budget, isEarly: hasMore) }
        if isUncutDue, let planned = nextUncut() { return planned }
        return nextTrial() ?? nextUncut()
    }

    var hasMore: Bool { exploration.hasMore || !uncutPlaces.isEmpty }

    private func nextTrial() -> PlannedCase? {
        while let trial = exploration.next() {
            let seed = book.seed(of: trial.plan)
            guard
                var planned = book.planned(trial.place, cut(trial), seed: seed),
                planned.skipped == nil
            else { continue }
            planned.timeout = quickTimeout(trial.place) * request.crowding
            planned.isToldLast = trial.plan == .bytes && longPlaces.contains(trial.place)
            return inTime(planned)
        }
        return nil
    }

    private func cut(_ trial: SplitExploration.Trial) -> SplitCut {
        let isSpared = spared.contains(trial.place) || spared.count >= Self.mostSpared
        if isSpared { return SplitCut(plan: trial.plan, reach: .steps) }
        let isWide = request.reach == .everything
        return SplitCut(
            plan: trial.plan, reach: isWide ? .everything : SplitPlans.reach(of: trial.plan))
    }

    /// So many preambles that broke have shown that any does.
    static let mostSpared = 20

    /// Notes why no more is tried, where something is left.
    func end(_ ending: Splitting.Ending, isEarly: Bool) -> PlannedCase? {
        if isEarly { splitting.ending = splitting.ending ?? ending }
        return nil
    }

    /// Nanoseconds; a server that is slow uncut is so when it is cut.
    func quickTimeout(_ place: Int) -> Int64 {
        let usual = SplitRequest.quickTimeout * request.run.scale
        return max(usual, 4 * (book.uncut[place]?.duration ?? 0))
    }

    func take(_ run: CaseRun) -> Bool {
        if ownPlaces.contains(run.planned.place) { return takeOwnCut(run) }
        note(run)
        if isLate(run) {
            splitting.ending = splitting.ending ?? .budget
        } else if let plan = run.planned.split {
            takeTrial(run, plan)
        } else {
            takeUncut(run)
        }
        return true
    }

    func note(_ run: CaseRun) {
        busy.add(run)
        guard case .ran(let scenario) = run.outcome else { return }
        hasRun = true
        parts.add(scenario.knowledge.parts)
    }

    /// Whether the time was over before it had begun, or before it came to its end.
    func isLate(_ run: CaseRun) -> Bool {
        if case .late = run.outcome { return true }
        return run.isCutShort && !isInterrupted
    }

    private func takeTrial(_ run: CaseRun, _ plan: CutPlan) {
        let report = judging.report(run)
        let place = run.planned.place
        noteFailure(of: run, report)
        guard case .ran = run.outcome else {
            if case .launchFailed = run.outcome { splitting.unlaunched += 1 }
            return
        }
        let effect = report.effect(besides: book.uncut[place]?.warned ?? [])
        let cut = SplitCut(plan: plan, reach: run.planned.plan.splitReach)
        let found = SplitSuspect(place: place, cut: cut, seed: run.planned.seed, effect: effect)
        if !found.isOfPreamble { exploration.note(tried: plan) }
        if effect == .none {
            coverage.add(report.plan, report.judgement, report.transcript)
        } else {
            if let transcript = report.transcript { coverage.add(touchedBy: transcript) }
            suspect(found)
        }
        let broken = splitting.breaks.isEmpty ? "" : ", \(splitting.breaks.count) broken"
        progress.show(
            "\(exploration.tried)/\(exploration.planned)\(broken)", report.id, left: timeLeft)
    }

    private func suspect(_ suspect: SplitSuspect) {
        guard !suspects.contains(where: { $0.place == suspect.place }) else {
            if suspect.isOfPreamble { exploration.retry(suspect.cut.plan, at: suspect.place) }
            return
        }
        exploration.hold(suspect.place)
        suspects.append(suspect)
    }

    func noteFailure(of run: CaseRun, _ report: ScenarioReport) {
        if let failure = run.slowLaunch { noteLaunch(failure, for: report.id, isFinal: false) }
        if case .launchFailed(let failure) = run.outcome {
            statuses.insert(.unreachable)
            noteLaunch(failure, for: report.id, isFinal: true)
        }
        guard report.verdict == .error else { return }
        statuses.insert(.internalError)
        if report.split != nil { keep(report) }
    }

    /// A trial is not told of by itself, so its server is; the first few say it all.
    func noteLaunch(_ failure: LaunchFailure, for id: String, isFinal: Bool) {
        launchFailures += 1
        guard launchFailures <= Self.mostLaunchNotes else { return }
        let what = isFinal ? "no server for" : "a second server had to be started for"
        let note = "\(what) \(id): \(failure)\(failure.lastWords)"
        notes.insert(note)
        console.complain("note: \(note)\n")
    }

    private static let mostLaunchNotes = 3
}
