// SPDX-License-Identifier: Apache-2.0

import Specs

/// Steps of the file to steps of the plan.
extension CaseBuilder {
    mutating func expand(_ templates: [StepTemplate], _ scope: Scope) -> [PlanStep] {
        var steps: [PlanStep] = []
        for template in templates { steps += expand(template, scope) }
        return SendJoining.joined(steps)
    }

    private mutating func expand(_ template: StepTemplate, _ scope: Scope) -> [PlanStep] {
        switch template.verb {
        case .repeat(let iteration, let inner):
            return rounds(iteration, scope).flatMap { expand(inner, $0.scope) }
        case .perform(let name, let arguments):
            return perform(name, arguments, template, scope)
        case .connect, .listen, .accept, .send, .sendAll, .sendBytes, .expect, .expectAll,
            .expectNothing, .expectClose, .expectRefused, .expectNoConnection, .closeWrite,
            .close, .reset, .stopReading, .resumeReading, .fill, .respond, .either, .observe,
            .eventually, .together, .pause, .restart, .countThreads,
            .signal, .expectExit, .expectFiles:
            let number = nextStep
            nextStep += 1
            return [step(number, template, scope)]
        case .unread:
            noteUnread(template, scope)
            return []
        }
    }

    private mutating func step(
        _ number: Int, _ template: StepTemplate, _ scope: Scope
    ) -> PlanStep {
        let requirement = requirement(of: template)
        let before = speaker
        defer { speaker = before }
        speaker = template.peer.map { String(decoding: bytes($0, scope), as: UTF8.self) }
        return PlanStep(
            id: StepID(number), position: template.position, isPreamble: isPreamble,
            requirement: requirement, level: level(of: requirement, stepLevel: template.level),
            within: template.within ?? scenario.within, observes: template.observes,
            quiet: template.quiet, silence: template.silence, patience: patience(template),
            action: action(template, scope))
    }

    /// What a step is judged by.
    ///
    /// A procedure does not know who calls it: where what the scenario is about weighs less than
    /// what a step of the procedure names, the scenario's requirement stands in for that.
    private func requirement(of template: StepTemplate) -> String {
        let own = scenario.requirements.first ?? ""
        guard let named = template.requirement else { return own }
        let isHeavier = level(of: named, stepLevel: template.level) > level(of: own, stepLevel: nil)
        return isInProcedure && isHeavier ? own : named
    }

    /// How long the server itself may take, by the feature that the step names.
    private func patience(_ template: StepTemplate) -> Patience? {
        guard let feature = template.patience else { return nil }
        guard let value = system.features[feature], let time = SpecTime.nanoseconds(value) else {
            if system.features[feature] == nil, !isLearningPeers, !needs(feature) {
                log.note(
                    "nothing says what '\(feature)' is", at: template.position,
                    advice: "give it a value in 'features' of protocol.json")
            }
            return nil
        }
        return Patience(
            feature: feature, nanoseconds: time, isAssumed: system.assumed.contains(feature))
    }

    private func needs(_ feature: String) -> Bool {
        scenario.needs.contains { $0.rawValue == feature }
    }
}
