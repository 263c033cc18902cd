// SPDX-License-Identifier: Apache-2.0

import Specs

/// What a step does first, and what it waits for then.
extension Interpreter {
    mutating func firstStage(of step: PlanStep, strand index: Int) -> Stage {
        switch step.action {
        case .connect(let link, let options):
            connect(link, options)
            return .opening(link)
        case .listen(let listener, let kind):
            ask(.listen(listener, kind))
            return .listening(listener)
        case .accept(let link, let listener):
            accept(link, listener)
            return .opening(link)
        case .expectNoConnection(let listener):
            return .provingUnconnected(listener, absenceCheck(of: [], mayBeQuiet: true))
        case .respond(let link, let responses):
            setResponses(responses, on: link, by: step)
            return .pausing(until: now)
        case .expectRefused(let link, let options):
            connect(link, options)
            return .beingRefused(link)
        case .transmit(let link, let transmission):
            return .writing(link, transmission: transmit(transmission, on: link, for: step.id))
        case .expect(let link, let pattern, let othersStay):
            return .awaitingMessage(link, pattern, othersStay: othersStay)
        case .expectAll(let messages): return .awaitingMessages(messages)
        case .expectNothing(let link, _):
            return .proving(absenceCheck(of: [link], mayBeQuiet: true))
        case .settle, .sweep:
            // Where barriers do not work nothing else separates the preamble from the steps.
            let mayBeQuiet = !knowledge.brokenBarriers.isEmpty
            return .proving(
                absenceCheck(of: sweptLinks, mayBeQuiet: mayBeQuiet, isSweep: true))
        case .expectClose(let link, let kind): return .awaitingClose(link, kind)
        case .closeWrite(let link) where !links[link.index].writer.queue.isEmpty,
            .close(let link) where !links[link.index].writer.queue.isEmpty:
            return .leaving(link, until: now + timing.timeout / 2)
        case .closeWrite, .close, .reset, .stopReading, .resumeReading:
            act(step.action)
            return .pausing(until: now)
        case .choose(let link, let alternatives, let observes):
            guard observes || alternatives.contains(where: { $0.outcome == .nothing }) else {
                return .choosing(link, nil)
            }
            let check = absenceCheck(of: [link], mayBeQuiet: mayBeQuiet(step, link))
            return observes ? .observing(link, check) : .choosing(link, check)
        case .eventually(let link, let transmission, _):
            record(.attempt(step.id, 1))
            let number = transmit(transmission, on: link, for: step.id)
            return .asking(link, attempt: 1, .writing(transmission: number))
        case .fill(let link, let stalled, let content, let most):
            return .filling(beginFilling(link, stalled, content, most, step))
        case .together(let groups):
            for group in groups {
                strands.append(Strand(lists: [group[...]], parent: index))
            }
            return .joining(children: groups.count { !$0.isEmpty })
        case .pause(let time): return .pausing(until: now + time)
        case .restart(let server):
            expectEnd(of: server)
            expectUnfinished(of: server)
            ask(.restartServer(server))
            return .restarting(isBack: nil)
        case .countThreads(let server):
            ask(.countThreads(server))
            return .counting(isDone: false)
        case .signal(let signal, let server):
            expectEnd(of: server)
            if signal == .kill { expectUnfinished(of: server) }
            record(.signalled(step.id, signal))
            ask(.signalServer(signal, server))
            return .pausing(until: now)
        case .expectExit(let server): return .awaitingExit(server)
        case .expectFiles(let texts, let server):
            ask(.searchFiles(texts.map { $0.filled(with: bound) ?? [] }, server))
            return .searching(isDone: false)
        }
    }

    /// Where the connection itself answers a barrier, a window is waited only where the step asks.
    private func mayBeQuiet(_ step: PlanStep, _ link: LinkID) -> Bool {
        step.quiet != nil || (barrier(of: link) == nil && links[link.index].serverEnd == nil)
    }

    /// Connections that a sweep looks at: those that are read and open.
    private var sweptLinks: [LinkID] {
        links.indices.filter { links[$0].phase == .open && links[$0].isReading }.map(LinkID.init)
    }

    /// The server's end is the runner's doing, and that of its connections.
    private mutating func expectEnd(of server: ServerID) {
        for link in plan.linksThatEnd(with: server) { links[link.index].isEndExpected = true }
    }

    /// Who is ended in the middle of a message has not said it.
    private mutating func expectUnfinished(of server: ServerID) {
        for link in plan.linksThatEnd(with: server) where links[link.index].phase == .open {
            links[link.index].mayEndUnfinished = true
            noteWhatIsPending(link)
        }
    }
}
