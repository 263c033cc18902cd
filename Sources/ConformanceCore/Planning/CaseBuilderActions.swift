// SPDX-License-Identifier: Apache-2.0

import Specs

/// What the verb of a step means in this case.
extension CaseBuilder {
    mutating func action(_ template: StepTemplate, _ scope: Scope) -> PlanAction {
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
            return .transmit(talking(template, scope), transmission(template, scope))
        case .expect(let pattern, let othersStay):
            return .expect(
                open(&self), self.pattern(pattern, scope), othersStay: othersStay)
        case .expectAll(let elements):
            return .expectAll(elements.flatMap { expected($0, scope) })
        case .expectNothing(let quiet): return .expectNothing(open(&self), quiet: quiet)
        case .expectClose(let kind): return .expectClose(open(&self), kind)
        case .closeWrite: return .closeWrite(ending(template, scope))
        case .close: return .close(ending(template, scope))
        case .reset: return .reset(ending(template, scope))
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
                talking(template, scope),
                Transmission(pieces: [message], split: split(template, scope)),
                outcome(until, scope))
        case .together(let groups): return .together(self.groups(groups, scope))
        case .pause(let time): return .pause(time)
        case .restart: return .restart(launched("restart", template, scope))
        case .countThreads: return .countThreads(launched("countThreads", template, scope))
        case .signal(let signal): return .signal(signal, launched("signal", template, scope))
        case .expectExit: return .expectExit(launched("expectExit", template, scope))
        case .expectFiles(let texts):
            return .expectFiles(
                lacks: texts.map { text($0, scope) }, launched("expectFiles", template, scope))
        case .perform, .repeat, .unread: return .pause(0)
        }
    }

    /// The server of a step that does something to it, or looks into it: that can be done only with
    /// one that the runner has started.
    private mutating func launched(
        _ verb: String, _ template: StepTemplate, _ scope: Scope
    ) -> ServerID {
        if !scenario.needs.contains(.launched) {
            log.note(
                "'\(verb)' needs a server that the runner starts", at: template.position,
                advice: "add \"launched\" to the scenario's 'needs'")
        }
        return server(template, scope, else: .main)
    }

    private mutating func groups(_ templates: [TogetherTemplate], _ scope: Scope) -> [[PlanStep]] {
        templates.flatMap { template -> [[PlanStep]] in
            guard let each = template.each else { return [group(template.steps, scope)] }
            return rounds(each, scope).map { group(template.steps, $0.scope) }
        }
    }

    /// What one group ends, another may not have ended yet.
    private mutating func group(_ steps: [StepTemplate], _ scope: Scope) -> [PlanStep] {
        let before = silenced
        defer { silenced = before }
        return expand(steps, scope)
    }

    private mutating func fill(
        _ fill: FillTemplate, _ template: StepTemplate, _ scope: Scope
    ) -> PlanAction {
        let talker = talking(template, scope)
        let stalled = openLink(fill.stalled, StepTemplate.mainLink, scope, at: template.position)
        return .fill(
            talker, stalled: stalled, content: content(fill.content, scope), most: fill.most)
    }
}
