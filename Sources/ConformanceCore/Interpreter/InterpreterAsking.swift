// SPDX-License-Identifier: Apache-2.0

import Specs

/// Asking again and again for what no message announces.
///
///     writing ──written──▶ proving ──all that came is there──▶ held
///        ▲                    └──it does not hold──▶ pausing ──┐
///        └─────────────────────────────────────────────────────┘
///
/// Nobody asks again before there is an answer: where no barrier shows its end, and a message is
/// required, nothing but that message or the end of the connection does. A window would be too
/// short for a server that hashes passwords, which would then answer twice.
extension Interpreter {
    mutating func ask(
        _ link: LinkID, _ attempt: Int, _ stage: AskingStage, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .eventually(_, let transmission, let outcome) = step.action else { return .held }
        func go(_ interpreter: inout Interpreter, _ attempt: Int, _ next: AskingStage) {
            interpreter.strands[index].current?.stage = .asking(link, attempt: attempt, next)
        }
        switch stage {
        case .writing(let number):
            guard links[link.index].writer.completed >= number else {
                return links[link.index].serverEnd == nil ? nil : .ended
            }
            // What has not happened yet is asked for again; only an answer has to be waited for.
            let mayBeQuiet = barrier(of: link) == nil
            go(&self, attempt, .proving(absenceCheck(of: [link], mayBeQuiet: mayBeQuiet)))
        case .proving(var check):
            let isProven = advance(&check)
            go(&self, attempt, .proving(check))
            guard isAnswered(outcome, on: link, check, isProven) else { return nil }
            var seen: [Candidate] = []
            while nextMessage(link, accepting: .any) != nil, let candidate = take(link, for: step) {
                seen.append(candidate)
            }
            if let bound = outcome.match(seen, links[link.index].serverEnd, bound) {
                self.bound = bound
                return .held
            }
            // Few at first, then ever fewer: most consequences are there at the second asking.
            let pause = min(Int64(1) << Int64(min(attempt, 6)), 50) * 1_000_000
            go(&self, attempt, .pausing(until: now + pause))
        case .pausing(let until):
            guard now >= until else { return nil }
            record(.attempt(step.id, attempt + 1))
            let number = transmit(transmission, on: link, for: step.id)
            go(&self, attempt + 1, .writing(transmission: number))
        }
        return progress(strands[index].current?.stage, step, strand: index)
    }

    /// Where nothing but a window could show the end of an answer, as many messages as are required
    /// are one.
    private func isAnswered(
        _ outcome: Outcome, on link: LinkID, _ check: AbsenceCheck, _ isProven: Bool
    ) -> Bool {
        guard check.mayBeQuiet, outcome.close == nil, !outcome.patterns.isEmpty else {
            return isProven
        }
        let state = links[link.index]
        return state.inbox.count >= outcome.patterns.count || state.serverEnd != nil
    }

    private mutating func progress(
        _ stage: Stage?, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .asking(let link, let attempt, let next)? = stage else { return nil }
        return ask(link, attempt, next, step, strand: index)
    }
}
