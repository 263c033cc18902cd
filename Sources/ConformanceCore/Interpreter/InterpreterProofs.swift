// SPDX-License-Identifier: Apache-2.0

import Specs

/// What follows when absence has been shown: for steps that expect nothing, and for the sweeps.
extension Interpreter {
    mutating func prove(
        _ check: inout AbsenceCheck, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        let isThrough = advance(&check)
        strands[index].current?.stage = .proving(check)
        guard isThrough else { return nil }
        recordProof(check, step)
        var isClean = !check.observed.contains { links[$0.index].hasEndedUnasked && !mayEnd($0) }
        switch step.action {
        case .settle:
            for link in links.indices { clear(LinkID(link)) }
        default:
            for link in check.observed where takeUnexpected(link, check, step) { isClean = false }
        }
        return isClean ? .held : .departed
    }

    mutating func recordProof(_ check: AbsenceCheck, _ step: PlanStep) {
        if case .quiet = check.stage {
            record(.waitedQuietly(step.id, nanoseconds: timing.quietWindow))
        }
        let isDrained =
            !check.causes.isEmpty
            && !check.causes.contains { links[$0.index].writer.isLeft }
        let proof: AbsenceProof = !check.needsQuiet ? .barrier : isDrained ? .drained : .quiet
        record(.proof(step.id, proof))
    }

    private mutating func clear(_ link: LinkID) {
        while let number = links[link.index].inbox.popFirst() { record(.cleared(message: number)) }
    }

    /// Takes every message that nothing allows; `true` where there was one.
    ///
    /// What came behind the barrier's answer belongs to later steps.
    private mutating func takeUnexpected(
        _ link: LinkID, _ check: AbsenceCheck, _ step: PlanStep
    ) -> Bool {
        var found = false
        while nextMessage(link, accepting: nil) != nil,
            links[link.index].countBeforeBarrier > 0 || !check.answered.contains(link),
            take(link, for: step) != nil
        {
            found = true
        }
        return found
    }
}
