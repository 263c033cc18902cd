// SPDX-License-Identifier: Apache-2.0

import Specs

/// What each kind of step requires of what belongs to it.
extension Judge {
    mutating func judge(_ step: PlanStep, _ seen: Evidence, waited: Int64) {
        switch step.action {
        case .connect(let link, _):
            if let reason = refusals[link] {
                note(.refused(reason), step: step, link: link)
            } else if outcomes[step.id] != .held {
                note(.notAccepted(waited: waited), step: step, link: link)
            }
        case .accept(let link, _):
            if outcomes[step.id] != .held {
                note(.notConnected(waited: waited), step: step, link: link)
            }
        case .expectNoConnection(let listener):
            if !seen.hasProof {
                note(.unanswered(waited: waited), step: step, link: unansweredLink)
            } else if crowdedPorts.contains(listener) {
                note(.connectedUnasked(plan.listeners[listener.index].label), step: step)
            }
        case .expectRefused(let link, _):
            if refusals[link] == nil { note(.notRefused, step: step, link: link) }
        case .transmit(let link, _):
            if outcomes[step.id] != .held {
                note(.notTaken(waited: waited), step: step, link: link)
            }
        case .expect(let link, let pattern, _): judgeNext(link, pattern, step, seen, waited)
        case .expectAll(let expected): judgeAll(expected, step, seen, waited)
        case .expectNothing(let link, _):
            judgeNothing(step, seen, waited)
            judgeEnds(step, of: [link])
        case .sweep:
            judgeSwept(step, seen, waited)
            judgeEnds(step, of: plan.links.indices.map(LinkID.init))
        case .settle:
            if !seen.hasProof {
                note(.unanswered(waited: waited), step: step, link: unansweredLink)
            }
            judgeEnds(step, of: plan.links.indices.map(LinkID.init))
        case .expectClose(let link, let kind): judgeClose(link, kind, step, seen, waited)
        case .choose(let link, let alternatives, let observes):
            judgeChoice(link, alternatives, observes, step, seen, waited)
        case .eventually(let link, _, let outcome):
            judgeEventual(outcome, link, step, seen, waited)
        case .fill(let link, let stalled, _, _):
            expectedEnds.insert(stalled)
            if outcomes[step.id] != .held {
                note(.notTaken(waited: waited), step: step, link: link)
            }
        case .countThreads: noteThreads(seen.threads, step)
        case .expectExit(let server):
            if !endedServers.contains(server) { note(.notExited(waited: waited), step: step) }
        case .expectFiles(let texts, _): judgeFiles(seen.files, texts, step)
        case .restart(let server):
            serversToEnd.remove(server)
            endedServers.remove(server)
            expectedEnds.formUnion(plan.linksThatEnd(with: server))
            if outcomes[step.id] != .held { noteRestart(step) }
        case .listen, .respond, .closeWrite, .close, .reset, .stopReading, .resumeReading,
            .together, .pause, .signal:
            break
        }
    }
}
