// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// Cases as they are: each without a cut of the run's at first, those with cuts of their own last,
/// or among the others where time is short.
extension SplitSession {
    /// The next case without a cut; `nil` where all have had their turn.
    func nextUncut() -> PlannedCase? {
        while let place = uncutPlaces.popFirst() {
            guard let planned = book.planned(place, nil) else { continue }
            guard planned.plan.hasOwnCuts, planned.skipped == nil else { return inTime(planned) }
            guard request.budget == nil else {
                // One run says all about it, and of joined messages often nothing else does.
                ownPlaces.insert(place)
                return inTime(planned)
            }
            noteOwnCuts(place)
        }
        return nil
    }

    private func noteOwnCuts(_ place: Int) {
        ownCases.append(place)
        ownPlaces.insert(place)
    }

    /// Whether the next to be run is a case without a cut.
    ///
    /// Where time is short, uncut runs have a third of it for as long as something waits to be cut.
    var isUncutDue: Bool {
        guard !uncutPlaces.isEmpty else { return false }
        guard request.budget != nil, exploration.hasMore else { return true }
        return busy.uncut * 2 <= busy.cut
    }

    func takeUncut(_ run: CaseRun) {
        let report = judging.report(run)
        let place = run.planned.place
        noteFailure(of: run, report)
        // Without a server it was not run, and is named so in the end.
        if case .launchFailed = run.outcome { return keep(report) }
        coverage.add(report.plan, report.judgement, report.transcript)
        let forms = report.transcript?.formsSent(behindPreambleOf: report.plan) ?? []
        var shape = SplitShape(report.plan)
        // Barriers and floods are cut, too, and only the run shows how much they are.
        shape.total = max(shape.total, report.transcript?.bytesSent ?? 0)
        book.uncut[place] = SplitBook.Uncut(
            id: report.id, verdict: report.verdict, warned: report.warned,
            duration: report.duration, forms: forms,
            allForms: report.transcript?.formsSent ?? [])
        if report.verdict.isFailure { splitting.failingUncut.append(report.id) }
        if report.verdict == .warn { splitting.warningUncut.append(report.id) }
        noteDoubt(run, report)
        if report.holds { planTrials(of: place, shape) }
        keep(report)
        progress.show("\(scenarios.count)/\(book.count) uncut", report.id, left: timeLeft)
    }

    func keep(_ report: ScenarioReport) {
        var report = report
        report.bound(to: evidence.share)
        report.dropWhatPassed(keepingTranscript: false)
        evidence.spend(on: report)
        scenarios.append(report)
    }

    private func planTrials(of place: Int, _ shape: SplitShape) {
        let plans = plans(for: shape)
        if shape.isMuch { longPlaces.insert(place) }
        if !plans.isEmpty { splitting.cases += 1 }
        exploration.add(plans, at: place)
    }

    private func plans(for shape: SplitShape) -> [CutPlan] {
        let found = SplitPlans(
            for: shape, seed: request.run.seed, straddles: request.straddles, reach: request.reach,
            isTimeLimited: request.budget != nil)
        splitting.passedOver += found.passedOver
        splitting.straddlesLeftOut += found.straddlesLeftOut
        return found.plans
    }

    /// Names the cases that have not had their turn, and counts what would have been tried.
    func noteNeverRun() {
        for place in 0..<book.count where book.uncut[place] == nil && !ownPlaces.contains(place) {
            guard let planned = book.planned(place, nil), planned.skipped == nil else { continue }
            if planned.plan.hasOwnCuts {
                noteOwnCuts(place)
            } else {
                splitting.neverRun.append(planned.plan.caseID)
                exploration.note(planned: plans(for: SplitShape(planned.plan)))
            }
        }
        splitting.ownCutsLeft = ownCases.count
    }

    // MARK: Cases that cut themselves

    /// Cases whose own steps say how they are cut, as they are, that have not had their turn.
    var ownCuts: AnySequence<PlannedCase> {
        AnySequence {
            AnyIterator { [self] in
                let broken = splitting.breaks.count + splitting.failingOwnCuts.count
                if broken >= request.stopAfter { return end(.breaks, isEarly: !ownCases.isEmpty) }
                if isTimeToStop { return end(.budget, isEarly: !ownCases.isEmpty) }
                return ownCases.popFirst().flatMap { book.planned($0, nil) }.map(inTime)
            }
        }
    }

    func takeOwnCut(_ run: CaseRun) -> Bool {
        note(run)
        guard run.hasBegun, !isLate(run) else {
            ownCases.append(run.planned.place)
            splitting.ending = splitting.ending ?? .budget
            return true
        }
        let report = judging.report(run)
        noteFailure(of: run, report)
        coverage.add(report.plan, report.judgement, report.transcript)
        splitting.ownCuts += 1
        if report.verdict.isFailure { splitting.failingOwnCuts.append(report.id) }
        if report.verdict == .warn { splitting.warningOwnCuts.append(report.id) }
        noteDoubt(run, report)
        keep(report)
        progress.show("\(splitting.ownCuts) with cuts of their own", report.id, left: timeLeft)
        return true
    }
}
