// SPDX-License-Identifier: Apache-2.0

import Specs

/// Steps that go on in one of several ways: the next happening decides, or all that came.
extension Interpreter {
    mutating func choose(
        _ link: LinkID, _ check: inout AbsenceCheck?, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard case .choose(_, let alternatives, _) = step.action else { return .held }
        if nextMessage(link, accepting: .wanted(by: alternatives)) != nil,
            let candidate = take(link, for: step)
        {
            for (number, alternative) in alternatives.enumerated() {
                guard let first = alternative.outcome.patterns.first,
                    let match = first.accepts(candidate, bound: bound)
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
            links[link.index].isEndExpected = true
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
            guard let match = pattern.accepts(candidate, bound: bound) else {
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
        learnSilence(step, chosen: alternatives[number].outcome)
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
            guard let match = pattern.accepts(candidate, bound: bound) else {
                return nil
            }
            bound = match.bound
        }
        return bound
    }
}

extension Pattern {
    /// The message that decides which of the alternatives it is.
    static func wanted(by alternatives: [Alternative]) -> Pattern {
        .anyOf(alternatives.compactMap { $0.outcome.patterns.first }.map { Accepted(pattern: $0) })
    }
}
