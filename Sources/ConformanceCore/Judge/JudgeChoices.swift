// SPDX-License-Identifier: Apache-2.0

import Specs

/// Steps that may go several ways.
extension Judge {
    mutating func judgeChoice(
        _ link: LinkID, _ alternatives: [Alternative], _ observes: Bool, _ step: PlanStep,
        _ seen: Evidence, _ waited: Int64
    ) {
        let candidates = seen.took.map { transcript.messages[$0].candidate }
        var taken: Alternative?
        for alternative in alternatives where taken == nil {
            let end = alternative.outcome.close == nil && !observes ? nil : ends[link]
            guard let bound = alternative.outcome.match(candidates, end, bound) else { continue }
            if alternative.outcome == .nothing, !seen.hasProof { continue }
            self.bound = bound
            taken = alternative
        }
        if observes || taken?.outcome.close != nil { expectedEnds.insert(link) }
        if observes {
            noteObserved(link, taken, step, seen)
        } else if taken == nil {
            noteNoAlternative(link, alternatives, step, seen, waited)
        }
        if let reason = taken?.tolerated { noteTolerated(reason, step, seen.took.first) }
    }

    /// On the way to something else, or under a requirement that is judged, a choice is no news;
    /// under one that the scenario only observes it is.
    private mutating func noteObserved(
        _ link: LinkID, _ taken: Alternative?, _ step: PlanStep, _ seen: Evidence
    ) {
        let isObserved = plan.level == .open && plan.requirements.contains(step.requirement)
        let isOpen = requirements[step.requirement]?.level == .open
        guard !step.isPreamble, isOpen || isObserved else { return }
        judgement.observed.append(
            SeenChoice(
                requirement: step.requirement, step: step.id, label: taken?.label,
                messages: seen.took, end: ends[link]))
    }

    /// How many threads there were, in the words of an observation.
    mutating func noteThreads(_ count: Int?, _ step: PlanStep) {
        guard !step.isPreamble, requirements[step.requirement]?.level == .open else { return }
        let label = count.map { $0 == 1 ? "1 thread" : "\($0) threads" } ?? "not to be seen"
        judgement.observed.append(
            SeenChoice(
                requirement: step.requirement, step: step.id, label: label, messages: [], end: nil))
    }

    /// What stands in a file of the server is broken; that there is no file shows nothing at all.
    mutating func judgeFiles(_ files: SearchedFiles?, _ texts: [TextPattern], _ step: PlanStep) {
        guard let files, files.count > 0 else { return note(.noFiles, step: step) }
        for found in files.found where texts.indices.contains(found.text) {
            note(.textInFile(texts[found.text].shown(bound), file: found.file), step: step)
        }
    }

    private mutating func noteNoAlternative(
        _ link: LinkID, _ alternatives: [Alternative], _ step: PlanStep, _ seen: Evidence,
        _ waited: Int64
    ) {
        let accepted = alternatives.flatMap { $0.outcome.accepted(bound) }
        guard let number = seen.took.last else {
            return noteAbsence(of: accepted, link, step, waited)
        }
        let patterns = alternatives.flatMap(\.outcome.patterns).map { Accepted(pattern: $0) }
        let outcome = Pattern.anyOf(patterns).match(
            transcript.messages[number].candidate, bound: bound)
        guard case .mismatched(var mismatch) = outcome else {
            return noteAbsence(of: accepted, link, step, waited)
        }
        mismatch.accepted = accepted
        note(.mismatch(mismatch), step: step, message: number)
    }
}
