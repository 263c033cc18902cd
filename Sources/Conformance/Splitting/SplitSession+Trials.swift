// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// What is run next, and what becomes of what failed.
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
    private static let mostSpared = 20

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

    // MARK: Verifying

    /// Looks at all suspects.
    ///
    /// The first break has all the time that is left for that, the others share what it leaves.
    /// After an interruption nobody has looked, not even at what was being looked at.
    func settleSuspects(_ verification: SplitVerification) {
        suspects.sort { $0.effect > $1.effect }
        while let suspect = suspects.first, !isEnough {
            // One is looked at however late it is, so that a broken server is not let go.
            let isOver = verificationLeft.map { $0 <= 0 && hasVerified } ?? false
            if isOver || isInterrupted {
                leave(suspect)
            } else {
                let others = splitting.breaks.isEmpty ? 1 : suspects.count
                giveTime(to: verification, for: others)
                settle(suspect, verification)
                hasVerified = true
            }
            suspects.removeFirst()
        }
        suspects = []
    }

    /// Shares the time that is left among so many suspects.
    private func giveTime(to verification: SplitVerification, for suspects: Int) {
        verification.end = verificationLeft.map { left in
            let share = max(left / Int64(suspects), SplitRequest.leastVerification)
            return MonotonicClock.now + min(share, left - request.confirmation)
        }
    }

    /// What nobody could look at is no longer tried, and named.
    func leave(_ suspect: SplitSuspect) {
        splitting.unverified.append(book.uncut[suspect.place]?.id ?? "")
        exploration.finish(suspect.place)
    }

    private func settle(_ suspect: SplitSuspect, _ verification: SplitVerification) {
        let id = book.uncut[suspect.place]?.id ?? ""
        let outcome = isHopeless(suspect) ? .unreached : verification.verify(suspect)
        switch outcome {
        case .unreached, .unstable:
            if isInterrupted || verification.isCutShort { return leave(suspect) }
        case .broken: break
        }
        switch outcome {
        case .broken(let found, let run, let report):
            exploration.finish(suspect.place)
            keep(found, run, report)
        case .unreached where suspect.isOfPreamble:
            hindered.append(suspect)
            spare(suspect)
        case .unreached:
            hindered.append(suspect)
            exploration.finish(suspect.place)
            splitting.unreached.append(id)
        case .unstable:
            let isAgain = splitting.unstable.contains(id)
            if isAgain { exploration.finish(suspect.place) } else { splitting.unstable.append(id) }
            exploration.clear(suspect.place)
            if suspect.isOfPreamble, !isAgain {
                exploration.retry(suspect.cut.plan, at: suspect.place)
            }
        }
    }

    /// So many cases that were not reached have shown what there is to be seen of it.
    private func isHopeless(_ suspect: SplitSuspect) -> Bool {
        guard suspect.effect == .unreached else { return false }
        let known = suspect.isOfPreamble ? spared.count : splitting.unreached.count
        return known >= Self.mostSpared
    }

    /// The case goes on, and its preamble is not cut any more.
    private func spare(_ suspect: SplitSuspect) {
        spared.insert(suspect.place)
        splitting.spared.append(book.uncut[suspect.place]?.id ?? "")
        exploration.retry(suspect.cut.plan, at: suspect.place)
        exploration.clear(suspect.place)
    }

    /// Where nothing is broken and cases were kept from what they are about, that is made small: the
    /// end has a form and an offset whatever it is that a cut breaks.
    ///
    /// What breaks on the way is a break like any other.
    func narrow(_ verification: SplitVerification) {
        guard splitting.breaks.isEmpty else { return }
        for suspect in hindered.prefix(Self.mostNarrowed) {
            if isInterrupted || verificationLeft.map({ $0 <= 0 }) ?? false { return }
            giveTime(to: verification, for: 1)
            switch verification.narrow(suspect) {
            case .broken(let found, let run, let report): return keep(found, run, report)
            case .hindered(let found): return splitting.hindrances.append(found)
            case .unstable: continue
            }
        }
    }

    /// Each takes some dozen runs, of which many wait for their time-out.
    private static let mostNarrowed = 4

    func keep(_ found: Splitting.Break, _ run: CaseRun, _ report: ScenarioReport) {
        coverage.add(report.plan, report.judgement, report.transcript)
        splitting.breaks.append(found)
        keep(report)
        guard case .ran(let scenario) = run.outcome, request.run.capture != .none else { return }
        captures.order(report, scenario, number: scenarios.count)
    }
}
