// SPDX-License-Identifier: Apache-2.0

import Specs

/// Steps by which nothing is to come that was not asked for.
extension Judge {
    mutating func judgeNothing(_ step: PlanStep, _ seen: Evidence, _ waited: Int64) {
        for number in seen.took where !isAllowed(number) {
            note(.unexpected, step: step, message: number)
        }
        if !seen.hasProof { note(.unanswered(waited: waited), step: step, link: unansweredLink) }
    }

    /// What came and no step asked for is not against how long frames are, say: where the scenario
    /// is about something like that, the message's form says what it is against.
    mutating func judgeSwept(_ step: PlanStep, _ seen: Evidence, _ waited: Int64) {
        let before = judgement.findings.count
        judgeNothing(step, seen, waited)
        guard plan.document.unaskedElsewhere.contains(plan.primaryRequirement) else { return }
        for place in judgement.findings.indices.dropFirst(before) {
            guard let number = judgement.findings[place].message,
                let requirement = violatedUnasked(by: number)
            else { continue }
            judgement.findings[place].requirement = requirement
            judgement.findings[place].level = min(
                requirements[requirement]?.level ?? .must, plan.level)
        }
    }

    private func violatedUnasked(by number: Int) -> String? {
        let name = transcript.messages[number].form
        return plan.document.forms.forms(of: .server).first { $0.name == name }?.unasked
    }

    /// A connection whose barrier has no answer.
    var unansweredLink: LinkID? {
        var owed: [LinkID: Int] = [:]
        for entry in transcript.entries {
            switch entry.event {
            case .barrierSent(let link, _): owed[link, default: 0] += 1
            case .barrierAnswered(let link, _): owed[link, default: 0] -= 1
            default: break
            }
        }
        return owed.filter { $0.value > 0 }.keys.min()
    }
}
