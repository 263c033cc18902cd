// SPDX-License-Identifier: Apache-2.0

import Specs

/// Asking again and again for what no message announces.
///
///     writing ──written──▶ proving ──all that came is there──▶ held
///        ▲ └──no barrier──▶ answering ──the answer is there──▶ held
///        │                    └──it does not hold──▶ pausing ──┐
///        └─────────────────────────────────────────────────────┘
///
/// Where the request itself makes barriers impossible its answer is due, and is waited for: a server
/// that takes long over a password is not to be asked twice.
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
            let isDue = barrier(of: link) == nil
            if isDue, outcome.close == nil, !outcome.patterns.isEmpty {
                go(&self, attempt, .answering)
            } else {
                go(&self, attempt, .proving(absenceCheck(of: [link], mayBeQuiet: isDue)))
            }
        case .answering:
            _ = nextMessage(link, accepting: .anyOf(outcome.patterns.map { Accepted(pattern: $0) }))
            guard
                links[link.index].inbox.count >= outcome.patterns.count
                    || links[link.index].serverEnd != nil
            else { return nil }
            return conclude(link, attempt, outcome, step, strand: index)
        case .proving(var check):
            let isThrough = advance(&check)
            go(&self, attempt, .proving(check))
            guard isThrough else { return nil }
            return conclude(link, attempt, outcome, step, strand: index)
        case .pausing(let until):
            guard now >= until else { return nil }
            record(.attempt(step.id, attempt + 1))
            let number = transmit(transmission, on: link, for: step.id)
            go(&self, attempt + 1, .writing(transmission: number))
        }
        return progress(strands[index].current?.stage, step, strand: index)
    }

    /// Looks at the answer: it holds, or is asked for again after a pause.
    private mutating func conclude(
        _ link: LinkID, _ attempt: Int, _ outcome: Outcome, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
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
        strands[index].current?.stage =
            .asking(link, attempt: attempt, .pausing(until: now + pause))
        return progress(strands[index].current?.stage, step, strand: index)
    }

    private mutating func progress(
        _ stage: Stage?, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .asking(let link, let attempt, let next)? = stage else { return nil }
        return ask(link, attempt, next, step, strand: index)
    }
}
