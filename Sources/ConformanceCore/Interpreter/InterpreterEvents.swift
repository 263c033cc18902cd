// SPDX-License-Identifier: Apache-2.0

import Specs

/// What the world's events change; no step moves here.
extension Interpreter {
    mutating func apply(_ event: WorldEvent) {
        switch event {
        case .connected(let link):
            links[link.index].phase = .open
            record(.connected(link))
        case .learned(let name, let value):
            record(.learned(name, value))
            bound[name] = value
        case .listening(let listener, let port): opened(listener, port)
        case .arrivals(let listener, let isSomebodyThere):
            record(.arrivals(listener, isSomebodyThere))
            listeners[listener.index].hasArrivals = isSomebodyThere
        case .refused(let link, let reason):
            links[link.index].phase = .refused(reason)
            record(.refused(link, reason: reason))
        case .written(let link): written(link)
        case .taken(let link, let proof): taken(link, proof)
        case .reading: renewDeadlines()
        case .received(let link, let bytes): received(link, bytes)
        case .ended(let link, let kind): ended(link, kind)
        case .backlog(let link, let bytes):
            record(.backlog(link, bytes))
            noteBacklog(link, bytes)
        case .serverEnded(let how, let server):
            endedServers.insert(server)
            record(.serverEnded(how, of: server))
        case .restarted(let failure): restarted(failure)
        case .threads(let count): counted(count)
        case .searched(let files): searched(files)
        case .timePassed: break
        }
    }

    private mutating func restarted(_ failure: RestartFailure?) {
        record(.restarted(failure))
        for index in strands.indices {
            guard case .restarting? = strands[index].current?.stage,
                case .restart(let server)? = strands[index].current?.step.action
            else { continue }
            endedServers.remove(server)
            strands[index].current?.stage = .restarting(isBack: failure == nil)
        }
    }

    private mutating func counted(_ count: Int?) {
        for index in strands.indices {
            guard case .counting? = strands[index].current?.stage,
                let step = strands[index].current?.step
            else { continue }
            record(.threads(step.id, count))
            strands[index].current?.stage = .counting(isDone: true)
        }
    }

    private mutating func searched(_ files: SearchedFiles) {
        for index in strands.indices {
            guard case .searching? = strands[index].current?.stage,
                let step = strands[index].current?.step
            else { continue }
            record(.searched(step.id, files))
            strands[index].current?.stage = .searching(isDone: true)
        }
    }

    private mutating func received(_ link: LinkID, _ bytes: [UInt8]) {
        record(.received(link, bytes))
        links[link.index].lastReceived = now
        lastReceived = now
        links[link.index].framer.append(bytes)
        while let message = links[link.index].framer.next() { arrived(link, message) }
        if !links[link.index].framer.pending.isEmpty { renewDeadlines { $0.awaits(link) } }
        noteWhatIsPending(link)
    }

    mutating func noteWhatIsPending(_ link: LinkID) {
        links[link.index].canSettle =
            links[link.index].framer.canSettle && !links[link.index].mayEndUnfinished
    }

    private mutating func ended(_ link: LinkID, _ kind: EndKind) {
        guard links[link.index].serverEnd == nil else { return }
        // What is pending will not be completed.
        if !links[link.index].mayEndUnfinished {
            while let message = links[link.index].framer.finish() { arrived(link, message) }
        }
        noteWhatIsPending(link)
        links[link.index].serverEnd = kind
        record(.ended(link, kind))
    }

    /// Its form, where it has one.
    @discardableResult
    mutating func arrived(_ link: LinkID, _ message: FramedMessage) -> String? {
        let state = links[link.index].session
        let form = plan.document.forms.form(of: message, from: .server, in: state)
        links[link.index].session = plan.document.states.state(
            after: form, from: .server, in: state)
        let received = ReceivedMessage(link: link, message: message, form: form, state: state)
        let number = recordMessage(received)
        record(.message(number))
        if answersBarrier(received, on: link) {
            record(.barrierAnswered(link, message: number))
            renewDeadlines(where: \.isProving)
            replyToBarrier(on: link)
        } else if confirmsRelay(received, on: link) {
            record(.confirmed(link, message: number))
            renewDeadlines(where: \.isProving)
        } else {
            replyToStray(received, on: link)
            guard !isAnswered(number, on: link) else { return form }
            links[link.index].inbox.append(number)
            links[link.index].arrived += 1
        }
        return form
    }

    private mutating func answersBarrier(_ received: ReceivedMessage, on link: LinkID) -> Bool {
        if case .matched? = links[link.index].owed.first?.match(received.candidate) {
            links[link.index].owed.removeFirst()
            return false
        }
        guard let barrier = links[link.index].barriers.first,
            barrier.answer.accepts(received.candidate) != nil
        else { return false }
        links[link.index].barriers.removeFirst()
        links[link.index].barriersAnswered = barrier.number
        links[link.index].reply = barrier.reply
        links[link.index].arrivedAtBarrier = links[link.index].arrived
        if links[link.index].bytesSent == barrier.sentUpTo {
            links[link.index].isCause = false
            links[link.index].writer.isUntaken = false
        }
        return true
    }

    private mutating func noteBacklog(_ link: LinkID, _ bytes: Int?) {
        for index in strands.indices {
            guard case .filling(var filling)? = strands[index].current?.stage,
                filling.stalled == link, case .looking = filling.stage
            else { continue }
            filling.note(backlog: bytes)
            strands[index].current?.stage = .filling(filling)
        }
    }
}
