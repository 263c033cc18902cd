// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// A case that fails or warns as it is, and whose own steps say what shares a segment.
struct SplitDoubt {
    var place: Int
    var id: String
    var scenario: String
}

/// Whether segments are to blame for what cases with segments of their own come to.
extension SplitSession {
    /// Notes a case that did not hold, or warned, as it is.
    func noteDoubt(_ run: CaseRun, _ report: ScenarioReport) {
        let plan = run.planned.plan
        guard report.effect(besides: []).isBreak, plan.hasOwnSegments else { return }
        doubts.append(
            SplitDoubt(place: run.planned.place, id: report.id, scenario: plan.scenarioID))
    }

    /// Looks at them, as long as there is time.
    func settleDoubts(_ verification: SplitVerification) {
        /// How many cases of a scenario have shown that segments are not to blame.
        var vain: [String: Int] = [:]
        while let doubt = doubts.first {
            if isInterrupted || (verificationLeft.map { $0 <= 0 } ?? false) { return }
            doubts.removeFirst()
            if vain[doubt.scenario, default: 0] >= Self.mostInVain { continue }
            if isEnough {
                splitting.undecided.append(doubt.id)
            } else if settle(doubt, verification) {
                vain[doubt.scenario, default: 0] += 1
            }
        }
    }

    /// Whether segments have turned out not to be to blame.
    private func settle(_ doubt: SplitDoubt, _ verification: SplitVerification) -> Bool {
        let outcome = verification.verifyOwnSegments(doubt.place)
        let hasEnded = isInterrupted || verification.isCutShort
        switch outcome {
        case .broken(let found, let run, let report):
            splitting.ownBreaks.append(found)
            splitting.forget(found.caseID)
            keep(report, of: run)
        case .notToBlame where !hasEnded: return true
        case .unstable where !hasEnded: splitting.unstable.append(doubt.id)
        case .untold where !hasEnded: splitting.undecided.append(doubt.id)
        case .notToBlame, .unstable, .untold: splitting.leave(doubt.id)
        }
        return false
    }

    /// A server that is wrong whatever the segments takes a time-out for each case of a scenario.
    private static let mostInVain = 2

    /// Names those that nobody could look at.
    func leaveDoubts() {
        for doubt in doubts { splitting.leave(doubt.id) }
        doubts = []
    }
}
