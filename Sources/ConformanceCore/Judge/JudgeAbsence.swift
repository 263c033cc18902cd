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
            guard case .unexpected = judgement.findings[place].kind,
                let number = judgement.findings[place].message,
                let requirement = violatedUnasked(by: number)
            else { continue }
            blame(requirement, for: &judgement.findings[place])
        }
    }

    /// Another requirement is broken than the one that the finding was about.
    ///
    /// It counts for what it is, also in a scenario about something that servers only normally do;
    /// but where the scenario, its case or its step has been lowered, or leaves open what comes,
    /// nothing in it weighs more than that.
    private func blame(_ requirement: String, for finding: inout Finding) {
        let (own, former) = (level(of: requirement), level(of: finding.requirement))
        let isLowered = finding.level < former || former == .open
        finding.level = isLowered ? min(own, finding.level) : own
        finding.requirement = requirement
    }

    private func level(of requirement: String) -> Level {
        requirements[requirement]?.level ?? .must
    }

    /// A barrier's answer that came to somebody else is the runner's own doing: what that is
    /// against is said by the barrier, not by the scenario that met with it.
    func blameStray(_ number: Int, _ finding: inout Finding) {
        let message = transcript.messages[number]
        guard let requirement = plan.document.barriers.lazy.compactMap(\.strayed).first,
            let asked = barrierWords.first(where: {
                TextPattern.firstIndex(of: $0.word, in: message.message.payload) != nil
            }), asked.link != message.link
        else { return }
        blame(requirement, for: &finding)
        finding.kind = .strayed(asked: plan.links[asked.link.index].label)
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
