// SPDX-License-Identifier: Apache-2.0

import Specs

/// How a step begins.
extension Interpreter {
    /// Lets every strand go on as far as it can.
    mutating func advance() {
        var hasMoved = true
        while hasMoved, !isFinished {
            hasMoved = false
            // A `together` adds strands while this runs.
            var index = 0
            while index < strands.count, !isFinished {
                if advance(strand: index) { hasMoved = true }
                index += 1
            }
            if strands.allSatisfy({ $0.isDone }) { finish() }
        }
    }

    private mutating func advance(strand index: Int) -> Bool {
        guard let current = strands[index].current else {
            guard let step = strands[index].popStep() else { return false }
            begin(step, strand: index)
            return true
        }
        guard let outcome = progress(current, strand: index) else {
            guard now >= current.deadline, !current.isJoining else { return false }
            complete(current.step, .silent, strand: index)
            return true
        }
        complete(current.step, outcome, strand: index)
        return true
    }

    private mutating func complete(_ step: PlanStep, _ outcome: StepOutcome, strand index: Int) {
        if step.patience != nil, let began = strands[index].current?.began {
            record(.waited(step.id, nanoseconds: now - began))
        }
        record(.finished(step.id, outcome))
        strands[index].current = nil
        if outcome != .held { return finish() }
        if strands[index].isDone, let parent = strands[index].parent { childIsDone(parent) }
    }

    private mutating func childIsDone(_ parent: Int) {
        guard case .joining(let children)? = strands[parent].current?.stage else { return }
        strands[parent].current?.stage = .joining(children: children - 1)
    }

    private mutating func begin(_ step: PlanStep, strand index: Int) {
        let step = step.on(successors)
        record(.began(step.id))
        let before = heldBack
        let stage = waiting(of: step) ?? firstStage(of: step, strand: index)
        let began = now + heldBack - before
        strands[index].current = Execution(
            step: step, began: began, deadline: began + timing.wait(of: step), stage: stage)
    }

    /// What proves an absence begins when the server's own time is over, or something has come.
    ///
    /// An answer that need not come has all its time, too: not every server answers in order.
    private func waiting(of step: PlanStep) -> Stage? {
        guard step.patience != nil || step.silence != nil else { return nil }
        // Who is known to say nothing here is asked at once.
        if knowledge.silences.contains(step.position) { return nil }
        switch step.action {
        case .expectNothing(let link, _): return .waiting(link, until: now + timing.longest(step))
        case .choose(let link, let alternatives, let observes)
        where observes || alternatives.contains(where: { $0.outcome == .nothing }):
            return .waiting(link, until: now + timing.longest(step))
        default: return nil
        }
    }

    /// Goes on where something has come or the time is over.
    mutating func wait(
        for link: LinkID, until: Int64, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        let state = links[link.index]
        // What the step waits for is not merely allowed, though `allow` may fit it, too.
        let hasNews = nextMessage(link, accepting: Self.wanted(by: step)) != nil
        guard hasNews || state.serverEnd != nil || now >= until else { return nil }
        let stage = firstStage(of: step, strand: index)
        strands[index].current?.stage = stage
        return strands[index].current.flatMap { progress($0, strand: index) }
    }

    private static func wanted(by step: PlanStep) -> Pattern? {
        guard case .choose(_, let alternatives, _) = step.action else { return nil }
        return .wanted(by: alternatives)
    }

    private mutating func firstStage(of step: PlanStep, strand index: Int) -> Stage {
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
            ask(.restartServer(server))
            return .restarting(isBack: nil)
        case .countThreads(let server):
            ask(.countThreads(server))
            return .counting(isDone: false)
        case .signal(let signal, let server):
            expectEnd(of: server)
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

    private mutating func connect(_ link: LinkID, _ options: ConnectOptions) {
        if let first = plan.links[link.index].follows {
            // What it sent is still a cause: the server may tell others of its end later.
            close(successors[first] ?? first)
            successors[first] = link
        }
        links[link.index].phase = .connecting
        record(.connecting(link))
        ask(.connect(link, options))
    }

    mutating func act(_ action: PlanAction) {
        switch action {
        case .closeWrite(let link): leave(link, .closedWrite, .closeWrite(link), .closedWrite(link))
        case .close(let link): close(link)
        case .reset(let link): reset(link)
        case .stopReading(let link):
            links[link.index].isReading = false
            record(.stoppedReading(link))
            ask(.stopReading(link))
        case .resumeReading(let link):
            links[link.index].isReading = true
            record(.resumedReading(link))
            ask(.resumeReading(link))
        default: break
        }
    }

    mutating func close(_ link: LinkID) { leave(link, .closed, .close(link), .closed(link)) }

    mutating func reset(_ link: LinkID) { leave(link, .reset, .reset(link), .reset(link)) }

    private mutating func leave(
        _ link: LinkID, _ leaving: LinkState.Leaving, _ action: WorldAction,
        _ event: TranscriptEvent
    ) {
        links[link.index].leaving = leaving
        links[link.index].isCause = true
        if leaving != .closedWrite { links[link.index].isReading = false }
        record(event)
        ask(action)
    }
}

extension Execution {
    /// Whether it has no deadline of its own.
    ///
    /// The steps of a `together` have theirs; who starts a server knows how long it may take.
    var isJoining: Bool {
        switch stage {
        case .joining, .restarting: true
        default: false
        }
    }
}
