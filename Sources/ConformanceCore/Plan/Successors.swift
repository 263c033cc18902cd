// SPDX-License-Identifier: Apache-2.0

/// Steps name a peer's first connection; where another one has taken its place they are about that.
extension PlanStep {
    /// The step on the connections that stand now; `successors` are by the first of each name.
    ///
    /// Steps within it are left as they are: they begin later.
    func on(_ successors: [LinkID: LinkID]) -> PlanStep {
        guard !successors.isEmpty else { return self }
        var step = self
        step.action = action.onLinks { successors[$0] ?? $0 }
        return step
    }
}

extension PlanAction {
    /// What opens a connection names the new one already.
    fileprivate func onLinks(_ now: (LinkID) -> LinkID) -> PlanAction {
        switch self {
        case .respond(let link, let rules): .respond(now(link), rules)
        case .transmit(let link, let transmission): .transmit(now(link), transmission)
        case .expect(let link, let pattern, let stay):
            .expect(now(link), pattern, othersStay: stay)
        case .expectAll(let messages): .expectAll(messages.map { $0.onLink(now($0.link)) })
        case .expectNothing(let link, let quiet): .expectNothing(now(link), quiet: quiet)
        case .expectClose(let link, let kind): .expectClose(now(link), kind)
        case .closeWrite(let link): .closeWrite(now(link))
        case .close(let link): .close(now(link))
        case .reset(let link): .reset(now(link))
        case .stopReading(let link): .stopReading(now(link))
        case .resumeReading(let link): .resumeReading(now(link))
        case .fill(let link, let stalled, let content, let most):
            .fill(now(link), stalled: now(stalled), content: content, most: most)
        case .choose(let link, let alternatives, let observes):
            .choose(now(link), alternatives, observes: observes)
        case .eventually(let link, let transmission, let outcome):
            .eventually(now(link), transmission, outcome)
        case .connect, .listen, .accept, .expectNoConnection, .expectRefused, .together, .pause,
            .restart, .countThreads, .signal, .expectExit, .expectFiles, .settle, .sweep:
            self
        }
    }
}

extension ExpectedMessage {
    fileprivate func onLink(_ link: LinkID) -> ExpectedMessage {
        var message = self
        message.link = link
        return message
    }
}
