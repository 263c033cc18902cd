// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Unfolding of iterations.
extension CaseBuilder {
    /// More rounds than this are a mistake of the file.
    private static var maximumRounds: Int { 100_000 }
    /// The same for all iterations of a case, those within others too.
    private static var maximumUnfolded: Int { 200_000 }

    mutating func rounds(_ iteration: Iteration, _ outer: Scope) -> [Round] {
        // Once it was too many, what is left is passed over.
        guard unfolded <= Self.maximumUnfolded else { return [] }
        var rounds = [Round(scope: outer)]
        for variable in iteration.variables {
            var next: [Round] = []
            for round in rounds {
                guard let more = self.rounds(variable, in: round) else {
                    // Who would have connected in these rounds is not known.
                    isAnybodyUnread = true
                    return []
                }
                next += more
                guard next.count <= Self.maximumRounds else { return tooMany(iteration.position) }
            }
            rounds = next
        }
        unfolded += rounds.count
        guard unfolded <= Self.maximumUnfolded else {
            isAnybodyUnread = true
            log.note(
                "the scenario unfolds to more than \(Self.maximumUnfolded) rounds in all",
                at: iteration.position, advice: "let iterations within iterations have fewer")
            return []
        }
        return rounds
    }

    private mutating func tooMany(_ position: SourcePosition) -> [Round] {
        isAnybodyUnread = true
        log.note(
            "this unfolds to more than \(Self.maximumRounds) rounds", at: position,
            advice: "name fewer values, or a greater 'step'")
        return []
    }

    /// The scope of one round, its values filled in anew, without a look at the others.
    mutating func scope(of chosen: Round, in iteration: Iteration) -> Scope {
        var round = Round()
        for (variable, choice) in zip(iteration.variables, chosen.choices) {
            switch (choice, variable.domain) {
            case (.number(let number), _):
                round = round.adding(variable.name, number: number)
            case (.element(let place), .values(let elements)):
                round = self.round(elements[place], place, of: variable.name, in: round)
            case (.element, .range): break
            }
        }
        return round.scope
    }

    /// `nil` after noting why there are none.
    private mutating func rounds(_ variable: Iteration.Variable, in outer: Round) -> [Round]? {
        switch variable.domain {
        case .range(let from, let to, let step, let except):
            guard let first = number(from, outer.scope, isKnown: true),
                let last = number(to, outer.scope, isKnown: true)
            else { return nil }
            let left = except.flatMap { number($0, outer.scope, isKnown: true) }
            guard (last - first) / step < Self.maximumRounds else {
                _ = tooMany(variable.position)
                return nil
            }
            let numbers = stride(from: first, through: last, by: step).filter { $0 != left }
            let bounds = [from, to] + (except.map { [$0] } ?? [])
            if numbers.isEmpty, bounds.allSatisfy({ isFixed($0, outer.scope) }) {
                noteEmpty(from: first, to: last, at: variable.position)
            }
            return numbers.map { outer.adding(variable.name, number: $0) }
        case .values(let elements):
            return elements.enumerated().map { place, element in
                round(element, place, of: variable.name, in: outer)
            }
        }
    }

    /// Whether it is the same in every round and case; what depends on one may leave another empty.
    private func isFixed(_ template: Template, _ scope: Scope) -> Bool {
        template.parts.allSatisfy { part in
            guard case .value(let name) = part else { return true }
            guard let literal = name.literal else { return false }
            let named = String(decoding: literal, as: UTF8.self)
            let isDeclared = scenario.values.contains { $0.name == named }
            return scope.variables[named] == nil && !isDeclared
        }
    }

    private func noteEmpty(from first: Int, to last: Int, at position: SourcePosition) {
        guard first > last else {
            return log.note(
                "'except' leaves no number of this range", at: position,
                advice: "leave 'except' out, or let the range have more numbers")
        }
        log.note(
            "there is no number from \(first) to \(last)", at: position,
            advice: "'from' is the least number, 'to' the greatest")
    }

    private mutating func round(
        _ element: Iteration.Element, _ place: Int, of name: String, in outer: Round
    ) -> Round {
        var round = outer
        switch element.content {
        case .text(let template):
            let value = bytes(template, outer.scope)
            round = outer.adding(name, value, label: element.label ?? ByteEscaping.escape(value))
        case .fields(let fields):
            round = outer.adding(name, [], label: element.label ?? "")
            for field in fields {
                let value = bytes(field.content, outer.scope)
                round.scope = round.scope.binding("\(name).\(field.name)", to: value)
            }
        }
        round.choices.append(.element(place))
        if let level = element.level { round.level = min(level, outer.level ?? level) }
        return round
    }
}

extension Round {
    func adding(_ name: String, number: Int) -> Round {
        let digits = String(number)
        var round = adding(name, Array(digits.utf8), label: digits)
        round.choices.append(.number(number))
        return round
    }

    func adding(_ name: String, _ value: [UInt8], label: String) -> Round {
        let separator = self.label.isEmpty ? "" : ","
        return Round(
            scope: scope.binding(name, to: value),
            label: "\(self.label)\(separator)\(name)=\(label)",
            level: level, choices: choices)
    }
}
