// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// Cases as they are: all without a cut of the run's at first, those with cuts of their own last.
extension SplitSession {
    var uncutCases: AnySequence<PlannedCase> {
        var place = 0
        return AnySequence {
            AnyIterator { [self] in
                while place < book.count {
                    if isTimeToStop { return end(.budget, isEarly: true) }
                    defer { place += 1 }
                    guard let planned = book.planned(place, nil) else { continue }
                    guard planned.plan.hasOwnCuts, planned.skipped == nil else { return planned }
                    ownCases.append(place)
                }
                return nil
            }
        }
    }

    func takeUncut(_ run: CaseRun) -> Bool {
        let report = judging.report(run)
        noteFailure(of: run, report)
        coverage.add(report.plan, report.judgement, report.transcript)
        let forms = report.transcript?.formsSent(behindPreambleOf: report.plan) ?? []
        var shape = SplitShape(report.plan)
        // Barriers and floods are cut, too, and only the run shows how much they are.
        shape.total = max(shape.total, report.transcript?.bytesSent ?? 0)
        book.uncut[run.planned.place] = SplitBook.Uncut(
            id: report.id, verdict: report.verdict, duration: report.duration, forms: forms,
            shape: shape)
        keep(report)
        progress.show("\(scenarios.count)/\(book.count) uncut", report.id, left: timeLeft)
        return true
    }

    func keep(_ report: ScenarioReport) {
        var report = report
        report.bound(to: evidence.share)
        report.dropWhatPassed(keepingTranscript: false)
        evidence.spend(on: report)
        scenarios.append(report)
    }

    /// Plans the trials of all cases that hold uncut.
    func planTrials() {
        let plans = (0..<book.count).map { place -> [CutPlan] in
            guard let uncut = book.uncut[place] else { return [] }
            if uncut.verdict.isFailure { splitting.failingUncut.append(uncut.id) }
            guard uncut.verdict.isGood else { return [] }
            let found = SplitPlans(for: uncut.shape, seed: request.run.seed)
            splitting.passedOver += found.passedOver
            return found.plans
        }
        splitting.cases = plans.count { !$0.isEmpty }
        exploration = SplitExploration(plans)
    }

    // MARK: Cases that cut themselves

    /// Cases whose own steps say how they are cut, as they are; they come last.
    var ownCuts: AnySequence<PlannedCase> {
        AnySequence {
            AnyIterator { [self] in
                let broken = splitting.breaks.count + splitting.failingOwnCuts.count
                if broken >= request.stopAfter { return end(.breaks, isEarly: !ownCases.isEmpty) }
                if isTimeToStop { return end(.budget, isEarly: !ownCases.isEmpty) }
                return ownCases.popFirst().flatMap { book.planned($0, nil) }
            }
        }
    }

    func takeOwnCut(_ run: CaseRun) -> Bool {
        let report = judging.report(run)
        noteFailure(of: run, report)
        coverage.add(report.plan, report.judgement, report.transcript)
        splitting.ownCuts += 1
        if report.verdict.isFailure { splitting.failingOwnCuts.append(report.id) }
        keep(report)
        progress.show("\(splitting.ownCuts) with cuts of their own", report.id, left: timeLeft)
        return true
    }
}
