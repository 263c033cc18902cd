// SPDX-License-Identifier: Apache-2.0

import Specs

/// Steps that messages are expected by.
extension Judge {
    mutating func judgeNext(
        _ link: LinkID, _ pattern: Pattern, _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        guard let number = seen.took.first else {
            return noteAbsence(of: pattern.accepted(bound), link, step, waited)
        }
        accept(number, pattern, step)
    }

    /// Matches a message that a step took; what it is not becomes a finding.
    private mutating func accept(_ number: Int, _ pattern: Pattern, _ step: PlanStep) {
        switch pattern.match(transcript.messages[number].candidate, bound: bound) {
        case .matched(let match):
            bound = match.bound
            noteSeen(step.observes, match, step, number)
            if let reason = match.tolerated { noteTolerated(reason, step, number) }
        case .mismatched(let mismatch):
            note(.mismatch(mismatch), step: step, message: number)
        }
    }

    /// Which alternative came is news where the step says under which requirement.
    private mutating func noteSeen(
        _ requirement: String?, _ match: Match, _ step: PlanStep, _ number: Int
    ) {
        guard let requirement else { return }
        judgement.observed.append(
            SeenChoice(
                requirement: requirement, step: step.id, label: match.label, messages: [number],
                end: nil))
    }

    mutating func noteTolerated(_ reason: String, _ step: PlanStep, _ number: Int?) {
        judgement.tolerated.append(
            Finding(
                requirement: step.requirement, level: min(step.level, .should), step: step.id,
                link: number.map { transcript.messages[$0].link }, isPreamble: step.isPreamble,
                kind: .tolerated(reason), message: number))
    }

    mutating func noteAbsence(
        of accepted: [String], _ link: LinkID, _ step: PlanStep, _ waited: Int64
    ) {
        if let end = ends[link] {
            note(.endedInstead(end, accepted: accepted), step: step, link: link)
        } else {
            note(.silence(accepted: accepted, waited: waited), step: step, link: link)
        }
    }

    mutating func judgeAll(
        _ expected: [ExpectedMessage], _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        var open = expected
        for number in seen.took {
            let message = transcript.messages[number]
            guard
                let place = ExpectedMessage.place(
                    of: message.candidate, on: message.link, in: open, bound)
            else {
                let here = open.filter { $0.link == message.link }.map {
                    Accepted(pattern: $0.pattern)
                }
                guard
                    case .mismatched(let mismatch) = Pattern.anyOf(here).match(
                        message.candidate, bound: bound)
                else { continue }
                return note(.mismatch(mismatch), step: step, message: number)
            }
            let wanted = open.remove(at: place)
            if let match = matches(wanted.pattern, number) {
                noteSeen(wanted.observes, match, step, number)
            }
        }
        guard let first = open.first else { return }
        let missing = open.map {
            "\(plan.links[$0.link.index].label): \($0.pattern.accepted(bound).joined(separator: " or "))"
        }
        if open.count == expected.count, let end = ends[first.link] {
            return note(.endedInstead(end, accepted: missing), step: step, link: first.link)
        }
        note(.missing(missing, waited: waited), step: step, link: first.link)
    }

    mutating func judgeEventual(
        _ outcome: Outcome, _ link: LinkID, _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        let candidates = seen.took.map { transcript.messages[$0].candidate }
        if let bound = outcome.match(candidates, ends[link], bound) {
            self.bound = bound
        } else {
            note(
                .neverHeld(
                    attempts: seen.attempts, accepted: outcome.accepted(bound), waited: waited),
                step: step, link: link, message: seen.took.last)
        }
    }
}
