// SPDX-License-Identifier: Apache-2.0

import Specs

/// Steps that end in one of several ways: absence, alternatives, observations, repeated requests.
extension Interpreter {
    mutating func prove(
        _ check: inout AbsenceCheck, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        let isThrough = advance(&check)
        strands[index].current?.stage = .proving(check)
        guard isThrough else { return nil }
        recordProof(check, step)
        var isClean = !check.observed.contains { links[$0.index].hasEndedUnasked }
        switch step.action {
        case .settle:
            for link in links.indices { clear(LinkID(link)) }
        default:
            for link in check.observed where takeUnexpected(link, check, step) { isClean = false }
        }
        return isClean ? .held : .departed
    }

    private mutating func recordProof(_ check: AbsenceCheck, _ step: PlanStep) {
        if case .quiet = check.stage {
            record(.waitedQuietly(step.id, nanoseconds: timing.quietWindow))
        }
        let proof: AbsenceProof =
            !check.needsQuiet ? .barrier : check.causes.isEmpty ? .quiet : .drained
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

    mutating func choose(
        _ link: LinkID, _ check: inout AbsenceCheck?, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .choose(_, let alternatives, _) = step.action else { return .held }
        let wanted = Pattern.anyOf(
            alternatives.compactMap { $0.outcome.patterns.first }.map { Accepted(pattern: $0) })
        if nextMessage(link, accepting: wanted) != nil, let candidate = take(link, for: step) {
            for (number, alternative) in alternatives.enumerated() {
                guard let first = alternative.outcome.patterns.first,
                    case .matched(let match) = first.match(candidate, bound: bound)
                else { continue }
                bound = match.bound
                let rest = alternative.outcome.patterns.dropFirst()
                strands[index].current?.stage = .following(
                    link, alternative: number, patterns: rest)
                return follow(link, number, rest, step, strand: index)
            }
            return .departed
        }
        if let end = links[link.index].serverEnd {
            guard
                let number = alternatives.firstIndex(where: { alternative in
                    alternative.outcome.patterns.isEmpty
                        && (alternative.outcome.close?.accepts(end) ?? false)
                })
            else { return .ended }
            return go(with: number, of: alternatives, step, strand: index)
        }
        guard var waiting = check else { return nil }
        let isThrough = advance(&waiting)
        strands[index].current?.stage = .choosing(link, waiting)
        guard isThrough, let number = alternatives.firstIndex(where: { $0.outcome == .nothing })
        else {
            return nil
        }
        recordProof(waiting, step)
        return go(with: number, of: alternatives, step, strand: index)
    }

    mutating func follow(
        _ link: LinkID, _ number: Int, _ patterns: ArraySlice<Pattern>, _ step: PlanStep,
        strand index: Int
    ) -> StepOutcome? {
        guard case .choose(_, let alternatives, _) = step.action else { return .held }
        var patterns = patterns
        while let pattern = patterns.first {
            guard nextMessage(link, accepting: pattern) != nil,
                let candidate = take(link, for: step)
            else {
                strands[index].current?.stage = .following(
                    link, alternative: number, patterns: patterns)
                return links[link.index].serverEnd == nil ? nil : .ended
            }
            guard case .matched(let match) = pattern.match(candidate, bound: bound) else {
                return .departed
            }
            bound = match.bound
            patterns.removeFirst()
        }
        if let close = alternatives[number].outcome.close {
            guard let end = links[link.index].serverEnd else { return nil }
            guard close.accepts(end) else { return .departed }
            links[link.index].isEndExpected = true
        }
        return go(with: number, of: alternatives, step, strand: index)
    }

    private mutating func go(
        with number: Int, of alternatives: [Alternative], _ step: PlanStep, strand index: Int
    ) -> StepOutcome {
        record(.chose(step.id, alternative: number))
        strands[index].lists.append(alternatives[number].steps[...])
        return .held
    }

    mutating func observe(
        _ link: LinkID, _ check: inout AbsenceCheck, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .choose(_, let alternatives, _) = step.action else { return .held }
        let isThrough = advance(&check)
        strands[index].current?.stage = .observing(link, check)
        // A server that answers no more is a thing to observe, too.
        guard isThrough || strands[index].current.map({ now >= $0.deadline }) ?? true else {
            return nil
        }
        if isThrough { recordProof(check, step) }
        var seen: [Candidate] = []
        while nextMessage(link, accepting: .any) != nil, let candidate = take(link, for: step) {
            seen.append(candidate)
        }
        let end = links[link.index].serverEnd
        links[link.index].isEndExpected = true
        for (number, alternative) in alternatives.enumerated() {
            guard let bound = alternative.outcome.match(seen, end, bound) else { continue }
            self.bound = bound
            return go(with: number, of: alternatives, step, strand: index)
        }
        record(.chose(step.id, alternative: nil))
        return .held
    }

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
            go(&self, attempt, .proving(absenceCheck(of: [link], mayBeQuiet: true)))
        case .proving(var check):
            let isThrough = advance(&check)
            go(&self, attempt, .proving(check))
            guard isThrough else { return nil }
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

    private mutating func progress(
        _ stage: Stage?, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .asking(let link, let attempt, let next)? = stage else { return nil }
        return ask(link, attempt, next, step, strand: index)
    }
}

extension Outcome {
    /// Whether exactly this came: the messages in this order, and this end.
    func match(
        _ seen: [Candidate], _ end: EndKind?, _ bound: [String: [UInt8]]
    ) -> [String: [UInt8]]? {
        guard seen.count == patterns.count else { return nil }
        if let close {
            guard let end, close.accepts(end) else { return nil }
        } else if end != nil {
            return nil
        }
        var bound = bound
        for (pattern, candidate) in zip(patterns, seen) {
            guard case .matched(let match) = pattern.match(candidate, bound: bound) else {
                return nil
            }
            bound = match.bound
        }
        return bound
    }
}
