// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Unfolding of iterations.
extension CaseBuilder {
    /// More rounds than this are a mistake of the file.
    private static var maximumRounds: Int { 100_000 }

    mutating func rounds(_ iteration: Iteration, _ outer: Scope) -> [Round] {
        var rounds = [Round(scope: outer)]
        for variable in iteration.variables {
            var next: [Round] = []
            for round in rounds {
                next += self.rounds(variable, in: round)
                guard next.count <= Self.maximumRounds else {
                    log.note(
                        "this unfolds to more than \(Self.maximumRounds) rounds",
                        at: scenario.position)
                    return []
                }
            }
            rounds = next
        }
        return rounds
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

    private mutating func rounds(_ variable: Iteration.Variable, in outer: Round) -> [Round] {
        switch variable.domain {
        case .range(let from, let to, let step, let except):
            guard let first = number(from, outer.scope), let last = number(to, outer.scope) else {
                return []
            }
            let left = except.flatMap { number($0, outer.scope) }
            guard last - first < Self.maximumRounds else { return [] }
            return stride(from: first, through: last, by: step).filter { $0 != left }.map {
                outer.adding(variable.name, number: $0)
            }
        case .values(let elements):
            return elements.enumerated().map { place, element in
                round(element, place, of: variable.name, in: outer)
            }
        }
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
