// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// A case that fails or warns as it is, and whose own steps say what shares a segment.
struct SplitDoubt {
    var place: Int
    var id: String
}

/// Whether segments are to blame for what cases with segments of their own come to.
extension SplitSession {
    /// Notes a case that did not hold, or warned, as it is.
    func noteDoubt(_ run: CaseRun, _ report: ScenarioReport) {
        guard report.effect(besides: []).isBreak, run.planned.plan.hasOwnSegments else { return }
        doubts.append(SplitDoubt(place: run.planned.place, id: report.id))
    }

    /// Looks at all of them, as long as there is time and it comes to something.
    func settleDoubts(_ verification: SplitVerification) {
        var vain = 0
        while let doubt = doubts.popFirst() {
            let isOver = verificationLeft.map { $0 <= 0 } ?? false
            if isInterrupted || isOver {
                splitting.unverified.append(doubt.id)
            } else if isEnough || vain >= Self.mostInVain {
                splitting.undecided.append(doubt.id)
            } else {
                vain = settle(doubt, verification) ? 0 : vain + 1
            }
        }
    }

    /// Whether segments have turned out to be to blame.
    private func settle(_ doubt: SplitDoubt, _ verification: SplitVerification) -> Bool {
        let outcome = verification.verifyOwnSegments(doubt.place)
        let hasEnded = isInterrupted || verification.isCutShort
        switch outcome {
        case .broken(let found, let run, let report):
            splitting.ownBreaks.append(found)
            splitting.forget(found.caseID)
            keep(report, of: run)
            return true
        case .notToBlame: if hasEnded { splitting.unverified.append(doubt.id) }
        case .untold where hasEnded: splitting.unverified.append(doubt.id)
        case .untold: splitting.undecided.append(doubt.id)
        }
        return false
    }

    /// A server that is wrong in all of them fails whatever the segments, each time for a time-out.
    private static let mostInVain = 5
}
