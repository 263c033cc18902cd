// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// What becomes of suspects: breaks, hindrances, or nothing.
extension SplitSession {
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
        splitting.leave(book.uncut[suspect.place]?.id ?? "")
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
        keep(report, of: run)
    }

    /// Keeps the run that shows a break, with its capture.
    func keep(_ report: ScenarioReport, of run: CaseRun) {
        keep(report)
        guard case .ran(let scenario) = run.outcome, request.run.capture != .none else { return }
        captures.order(report, scenario, number: scenarios.count)
    }
}
