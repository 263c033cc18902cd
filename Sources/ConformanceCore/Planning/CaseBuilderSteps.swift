// SPDX-License-Identifier: Apache-2.0

import Bytes
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
        }
    }

    private mutating func perform(
        _ name: String, _ arguments: [Iteration.Element.Field], _ template: StepTemplate,
        _ scope: Scope
    ) -> [PlanStep] {
        guard let procedure = suite.document.procedures[name] else { return [] }
        let peer = template.peer.map { bytes($0, scope) } ?? []
        var inner = scope.binding("peer", to: peer).without(["name", "password"])
        for argument in arguments {
            guard procedure.parameters.contains(argument.name) else {
                log.note(
                    "'\(name)' has no parameter '\(argument.name)'", at: template.position,
                    advice: NodeReader.choice(of: procedure.parameters, near: argument.name))
                continue
            }
            inner = inner.binding(argument.name, to: bytes(argument.content, scope))
        }
        for parameter in procedure.parameters where inner.variables[parameter] == nil {
            log.note("'\(name)' lacks its parameter '\(parameter)'", at: template.position)
        }
        let before = (isInProcedure, callersServer)
        defer { (isInProcedure, callersServer) = before }
        isInProcedure = true
        callersServer = server(template, scope, else: callersServer)
        if isPreamble {
            for allowed in procedure.allow.map({ pattern($0, inner) })
            where !allowedByPreamble.contains(allowed) {
                allowedByPreamble.append(allowed)
            }
        }
        return expand(procedure.steps, inner)
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

    private mutating func action(_ template: StepTemplate, _ scope: Scope) -> PlanAction {
        func open(_ builder: inout CaseBuilder) -> LinkID {
            builder.openLink(template.peer, template.link, scope, at: template.position)
        }
        switch template.verb {
        case .connect(let connect):
            return connect.isAgain
                ? reconnection(template, scope) : connection(connect, template, scope)
        case .listen(let listen):
            return .listen(opening(listen, template, scope), listen.kind)
        case .accept(let accept): return acceptance(accept, template, scope)
        case .expectNoConnection(let name):
            return .expectNoConnection(openListener(name, template, scope))
        case .respond(let responses):
            return .respond(open(&self), responses.map { response($0, template, scope) })
        case .expectRefused:
            let id = link(template.peer, template.link, scope, at: template.position)
            links[id.index].server = callersServer
            return .expectRefused(id, ConnectOptions(server: callersServer))
        case .send, .sendAll, .sendBytes:
            return .transmit(open(&self), transmission(template, scope))
        case .expect(let pattern, let othersStay):
            return .expect(
                open(&self), self.pattern(pattern, scope), othersStay: othersStay)
        case .expectAll(let elements):
            return .expectAll(elements.flatMap { expected($0, scope) })
        case .expectNothing(let quiet): return .expectNothing(open(&self), quiet: quiet)
        case .expectClose(let kind): return .expectClose(open(&self), kind)
        case .closeWrite: return .closeWrite(open(&self))
        case .close: return .close(open(&self))
        case .reset: return .reset(open(&self))
        case .stopReading: return .stopReading(open(&self))
        case .resumeReading: return .resumeReading(open(&self))
        case .fill(let fill): return self.fill(fill, template, scope)
        case .either(let alternatives):
            let link = open(&self)
            return .choose(link, self.alternatives(alternatives, of: link, scope), observes: false)
        case .observe(let alternatives):
            let link = open(&self)
            return .choose(link, self.alternatives(alternatives, of: link, scope), observes: true)
        case .eventually(let content, let until):
            let message = Transmission.Piece.message(self.content(content, scope))
            return .eventually(
                open(&self), Transmission(pieces: [message], split: split(template, scope)),
                outcome(until, scope))
        case .together(let groups): return .together(self.groups(groups, scope))
        case .pause(let time): return .pause(time)
        case .restart:
            noteLaunched("restart", at: template.position)
            return .restart(server(template, scope, else: .main))
        case .countThreads:
            noteLaunched("countThreads", at: template.position)
            return .countThreads(server(template, scope, else: .main))
        case .signal(let signal):
            noteLaunched("signal", at: template.position)
            return .signal(signal, server(template, scope, else: .main))
        case .expectExit:
            noteLaunched("expectExit", at: template.position)
            return .expectExit(server(template, scope, else: .main))
        case .expectFiles(let texts):
            noteLaunched("expectFiles", at: template.position)
            return .expectFiles(
                lacks: texts.map { text($0, scope) }, server(template, scope, else: .main))
        case .perform, .repeat: return .pause(0)
        }
    }

    /// Only a server that the runner has started can be started again, or looked into.
    private func noteLaunched(_ verb: String, at position: SourcePosition) {
        guard !scenario.needs.contains(.launched) else { return }
        log.note(
            "'\(verb)' needs a server that the runner starts", at: position,
            advice: "add \"launched\" to the scenario's 'needs'")
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

    private mutating func groups(_ templates: [TogetherTemplate], _ scope: Scope) -> [[PlanStep]] {
        templates.flatMap { template -> [[PlanStep]] in
            guard let each = template.each else { return [expand(template.steps, scope)] }
            return rounds(each, scope).map { expand(template.steps, $0.scope) }
        }
    }

    private mutating func fill(
        _ fill: FillTemplate, _ template: StepTemplate, _ scope: Scope
    ) -> PlanAction {
        let talker = openLink(template.peer, template.link, scope, at: template.position)
        let stalled = openLink(fill.stalled, StepTemplate.mainLink, scope, at: template.position)
        return .fill(
            talker, stalled: stalled, content: content(fill.content, scope), most: fill.most)
    }

    /// One of them is gone on with: what each opens again is the same connection.
    private mutating func alternatives(
        _ templates: [AlternativeTemplate], of link: LinkID, _ scope: Scope
    ) -> [Alternative] {
        let before = reopened
        var after = before
        return templates.map { template in
            reopened = before
            let alternative = alternative(template, of: link, scope)
            after.merge(reopened) { max($0, $1) }
            reopened = after
            return alternative
        }
    }

    private mutating func alternative(
        _ template: AlternativeTemplate, of link: LinkID, _ scope: Scope
    ) -> Alternative {
        let outcome = outcome(template.outcome, scope)
        let before = ended
        defer { ended = before }
        if outcome.close != nil { ended.insert(link) }
        return Alternative(
            outcome: outcome, label: template.label, tolerated: template.tolerated,
            steps: expand(template.steps, scope))
    }
}
