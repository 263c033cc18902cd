// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// What is tried next, and what becomes of what failed.
extension SplitSession {
    var trials: AnySequence<PlannedCase> {
        AnySequence { AnyIterator { [self] in nextTrial() } }
    }

    func nextTrial() -> PlannedCase? {
        while true {
            if isEnough { return end(.breaks, isEarly: exploration.hasMore) }
            // Enough to look at more closely before anything else is tried.
            if suspects.count + splitting.breaks.count >= request.stopAfter { return nil }
            if isTimeToStop { return end(.budget, isEarly: exploration.hasMore) }
            guard let trial = exploration.next() else { return nil }
            guard var planned = book.planned(trial.place, SplitCut(plan: trial.plan)),
                planned.skipped == nil
            else { continue }
            planned.timeout = quickTimeout(trial.place)
            return planned
        }
    }

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

    func takeTrial(_ run: CaseRun) -> Bool {
        let report = judging.report(run)
        let place = run.planned.place
        noteFailure(of: run, report)
        told += 1
        switch report.verdict {
        case .pass, .observed, .warn:
            coverage.add(report.plan, report.judgement, report.transcript)
        case .fail, .inconclusive:
            if let transcript = report.transcript { coverage.add(touchedBy: transcript) }
            guard case .ran = run.outcome, let plan = run.planned.split,
                !suspects.contains(where: { $0.place == place })
            else { break }
            exploration.hold(place)
            suspects.append(
                SplitSuspect(place: place, plan: plan, hasFailed: report.verdict == .fail))
        case .skipped, .error: break
        }
        let broken = splitting.breaks.isEmpty ? "" : ", \(splitting.breaks.count) broken"
        progress.show("\(told)/\(exploration.planned)\(broken)", report.id, left: timeLeft)
        return true
    }

    func noteFailure(of run: CaseRun, _ report: ScenarioReport) {
        if case .launchFailed(let failure) = run.outcome {
            statuses.insert(.unreachable)
            noteLaunch(failure, for: report.id)
        }
        guard report.verdict == .error else { return }
        statuses.insert(.internalError)
        if report.split != nil { keep(report) }
    }

    /// A trial is not told of by itself, so its server is; the first few say it all.
    private func noteLaunch(_ failure: LaunchFailure, for id: String) {
        launchFailures += 1
        guard launchFailures <= Self.mostLaunchNotes else { return }
        let note = "no server for a trial of \(id): \(failure)"
        notes.insert(note)
        console.complain("note: \(note)\n")
    }

    private static let mostLaunchNotes = 3

    // MARK: Verifying

    func settle(_ suspect: SplitSuspect, _ verification: SplitVerification) {
        let id = book.uncut[suspect.place]?.id ?? ""
        // So many cases that were not reached have shown that the cut of a preamble breaks it.
        let isHopeless = !suspect.hasFailed && splitting.unreached.count >= 20
        switch isHopeless ? .unreached : verification.verify(suspect) {
        case .broken(let found, let run, let report):
            exploration.finish(suspect.place)
            keep(found, run, report)
        case .unreached:
            exploration.finish(suspect.place)
            splitting.unreached.append(id)
        case .unstable:
            let isAgain = splitting.unstable.contains(id)
            if isAgain { exploration.finish(suspect.place) } else { splitting.unstable.append(id) }
            exploration.clear(suspect.place)
        }
    }

    func keep(_ found: Splitting.Break, _ run: CaseRun, _ report: ScenarioReport) {
        coverage.add(report.plan, report.judgement, report.transcript)
        splitting.breaks.append(found)
        keep(report)
        guard case .ran(let scenario) = run.outcome, request.run.capture != .none else { return }
        captures.order(report, scenario, number: scenarios.count)
    }
}
