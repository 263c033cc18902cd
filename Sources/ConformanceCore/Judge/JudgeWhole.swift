// SPDX-License-Identifier: Apache-2.0

import Specs

/// What is judged over the whole transcript, and what it all comes to.
extension Judge {
    /// Steps that never ended are explained by what ended the run, or are a fault of ours.
    mutating func judgeUnfinished() {
        guard judgement.findings.isEmpty else { return }
        guard let last = plan.steps.last, outcomes[last.id] == nil else { return }
        let stopped = outcomes.values.contains { $0 != .held }
        note(
            .inconsistent(
                stopped
                    ? "the interpreter stopped at a step in which the judge finds nothing wrong"
                    : "the steps did not come to their end"), step: nil)
    }

    /// Deviations of framing count only in scenarios that name their requirement.
    mutating func judgeFraming() {
        var noted: Set<FramingDeviation> = []
        for (number, received) in transcript.messages.enumerated() {
            for deviation in received.message.deviations.sorted(by: { $0.rawValue < $1.rawValue }) {
                guard let requirement = plan.document.tolerates[deviation],
                    plan.requirements.contains(requirement), !noted.contains(deviation),
                    !isListWithFinalNewline(number, deviation)
                else { continue }
                noted.insert(deviation)
                let level = min(requirements[requirement]?.level ?? .must, plan.level)
                judgement.findings.append(
                    Finding(
                        requirement: requirement, level: level, link: received.link,
                        isPreamble: false, kind: .framing(deviation), message: number))
            }
        }
    }

    /// Messages of no known form count only in scenarios that name their requirement.
    mutating func judgeForms() {
        guard let requirement = plan.document.unknownForms,
            plan.requirements.contains(requirement)
        else { return }
        let known = plan.document.forms.forms(of: .server).map { Pattern($0.pattern) }
        let stranger = transcript.messages.firstIndex { received in
            !known.contains { $0.matches(received.candidate) }
        }
        guard let number = stranger else { return }
        judgement.findings.append(
            Finding(
                requirement: requirement,
                level: min(requirements[requirement]?.level ?? .must, plan.level),
                link: transcript.messages[number].link, isPreamble: false,
                kind: .mismatch(Mismatch(accepted: known.flatMap { $0.accepted() })),
                message: number))
    }

    /// A list may end with its separator: that is content, not padding.
    private func isListWithFinalNewline(_ number: Int, _ deviation: FramingDeviation) -> Bool {
        guard deviation == .newlineInPadding else { return false }
        let message = transcript.messages[number].message
        var behind = message.bytes.dropFirst(message.payload.count)
        if behind.first == 0x0D { behind = behind.dropFirst() }
        guard behind.first == 0x0A, behind.dropFirst().allSatisfy({ $0 == 0x20 }) else {
            return false
        }
        return steps.values.contains { step in
            guard evidence[step.id]?.took.contains(number) == true else { return false }
            switch step.action {
            case .expect(_, let pattern, _): return pattern.isList
            case .eventually(_, _, let outcome): return outcome.patterns.contains(where: \.isList)
            case .choose(_, let alternatives, _):
                return alternatives.contains { $0.outcome.patterns.contains(where: \.isList) }
            default: return false
            }
        }
    }

    var verdict: Verdict {
        let findings = judgement.findings
        if findings.contains(where: \.isOurs) { return .error }
        if findings.contains(where: \.isUndecided) { return .inconclusive }
        let weighty = findings.filter { $0.level > .open }
        if weighty.contains(where: \.makesInconclusive) { return .inconclusive }
        if weighty.contains(where: { $0.level == .must }) { return .fail }
        if !weighty.isEmpty { return isStrict ? .fail : .warn }
        if isStrict, !judgement.tolerated.isEmpty { return .fail }
        if plan.level == .open { return .observed }
        return .pass
    }
}

extension Finding {
    /// The fault is not the server's.
    var isOurs: Bool {
        if case .inconsistent = kind { true } else { false }
    }

    /// The server was not there to be asked, whatever the level of the question.
    var isUndecided: Bool {
        if case .notRestarted(.undecided) = kind { true } else { false }
    }

    /// The scenario did not come to what it is about.
    package var makesInconclusive: Bool {
        switch kind {
        case .interrupted, .noFiles: true
        default: isPreamble || isUndecided
        }
    }
}

extension Pattern {
    func matches(_ candidate: Candidate) -> Bool {
        if case .matched = match(candidate) { true } else { false }
    }

    var isList: Bool {
        switch self {
        case .items: true
        case .anyOf(let alternatives): alternatives.contains { $0.pattern.isList }
        case .frame(let inner): inner.isList
        case .text, .any, .startsWith, .endsWith, .contains, .not, .json: false
        }
    }
}

extension Pattern {
    init(_ form: FormPattern) {
        switch form {
        case .text(let text): self = .text(text)
        case .json(let json): self = .json(json)
        }
    }
}
