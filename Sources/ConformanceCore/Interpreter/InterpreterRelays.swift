// SPDX-License-Identifier: Apache-2.0

import Specs

/// Barriers of connections on which the server alone begins to talk: another peer asks.
///
///     the other's main connection ──request──▶ server ──answer──▶ the connection
///     the other's main connection ◀──confirmation── server ◀──reply── the connection
///
/// - Nobody asks who waits for something, nor while the protocol says that others may have to wait.
/// - One peer asks for one connection at a time, and no other meanwhile: a server that breaks
///   where two send at once is found out by the scenarios about that, and by no others.
/// - Where no step names a connection that nothing has come or gone on, nobody asks for it: so a
///   server that delivers nothing fails only where something is to be delivered.
/// - Who hears what is meant for another replies as well; it is an unexpected message there.
extension Interpreter {
    /// Whether a connection of this kind is one for which others ask.
    ///
    /// A server need not read from it before it speaks itself.
    package func isRelayed(_ link: LinkID) -> Bool {
        let kind = plan.links[link.index].kind
        return plan.document.barriers.contains { $0.link == kind && $0.through != nil }
    }

    func isWorthARelay(_ link: LinkID, _ check: AbsenceCheck) -> Bool {
        let state = links[link.index]
        return state.phase == .open
            && (!check.isSweep || state.arrived > 0 || state.bytesSent > 0)
    }

    /// Asks for the next connection when nobody asks for another.
    mutating func startRelays(_ check: inout AbsenceCheck) {
        guard case .relays = check.stage else { return }
        for link in check.relays {
            if links.contains(where: { $0.isWhole && $0.relay != nil }) { return }
            guard let barrier = relayedBarrier(of: link) else {
                giveUp(link, in: &check)
                continue
            }
            if let asker = asker(for: link, barrier) {
                check.waits[link] = .relay(send(barrier, for: link, by: asker), by: asker)
                check.relays.removeAll { $0 == link }
            } else if !mayBecomeFree(for: link) {
                giveUp(link, in: &check)
            }
        }
    }

    /// A server need not read what comes here before it speaks, so nothing is waited for.
    private func giveUp(_ link: LinkID, in check: inout AbsenceCheck) {
        check.relays.removeAll { $0 == link }
        if links[link.index].serverEnd == nil { check.needsQuiet = true }
    }

    /// The barrier that others may send for this connection now.
    private func relayedBarrier(of link: LinkID) -> BarrierTemplate? {
        let planned = plan.links[link.index]
        guard planned.isNamed, let barrier = barrier(of: link), let relay = barrier.through,
            let owner = mainLink(of: planned.peer), links[owner.index].isWhole,
            relay.owner.contains(links[owner.index].session),
            !isAnyone(in: relay.unless)
        else { return nil }
        return barrier
    }

    private func isAnyone(in states: [String]) -> Bool {
        links.contains { $0.isWhole && $0.relay == nil && states.contains($0.session) }
            && !states.isEmpty
    }

    private func mainLink(of peer: String) -> LinkID? {
        plan.links.firstIndex { $0.peer == peer && $0.link == StepTemplate.mainLink }
            .map { successors[LinkID($0)] ?? LinkID($0) }
    }

    /// Who can ask for it now; the next after its owner, so that all are asked for side by side.
    private func asker(for link: LinkID, _ barrier: BarrierTemplate) -> LinkID? {
        guard let relay = barrier.through else { return nil }
        return others(than: link).first { other in
            let state = links[other.index]
            return state.canAsk && !state.isAsking && relay.states.contains(state.session)
                && hasOwn(like: link, other)
        }
    }

    /// A server may refuse to deliver what comes from a peer that has no such connection itself.
    private func hasOwn(like link: LinkID, _ main: LinkID) -> Bool {
        plan.links.indices.contains { index in
            plan.links[index].peer == plan.links[main.index].peer
                && plan.links[index].kind == plan.links[link.index].kind && links[index].isWhole
        }
    }

    /// Whether somebody who could ask is only busy with our own questions.
    private func mayBecomeFree(for link: LinkID) -> Bool {
        others(than: link).contains { links[$0.index].isWhole && links[$0.index].isAsking }
    }

    private func others(than link: LinkID) -> [LinkID] {
        let peer = plan.links[link.index].peer
        let mains = plan.links.indices.filter {
            plan.links[$0].link == StepTemplate.mainLink && plan.links[$0].peer != peer
        }
        return (mains.filter { $0 > link.index } + mains.filter { $0 < link.index })
            .map(LinkID.init)
    }

    /// Sends the request; returns the number of the barrier.
    private mutating func send(
        _ barrier: BarrierTemplate, for link: LinkID, by asker: LinkID
    ) -> Int {
        let word = nonce()
        let name = plan.links[link.index].name
        let number = links[link.index].barriersSent + 1
        links[link.index].barriersSent = number
        record(.barrierSent(link, nonce: word))
        record(.relayed(link, by: asker))
        let request = Transmission(
            pieces: [.message(barrier.request(nonce: word, name: name))], split: plan.runSplit)
        _ = transmit(request, on: asker, for: nil)
        let reply = barrier.through?.reply.map { reply in
            Transmission(pieces: [.message(BarrierTemplate.text(reply))], split: plan.runSplit)
        }
        links[link.index].barriers.append(
            LinkState.Barrier(
                number: number, answer: barrier.answer(nonce: word),
                sentUpTo: links[link.index].bytesSent, reply: reply))
        links[asker.index].relay = LinkState.Relay(
            observed: link, answer: barrier.answer(nonce: word), reply: reply,
            confirmation: barrier.confirmation,
            sentUpTo: links[asker.index].bytesSent)
        return number
    }

    mutating func replyToBarrier(on link: LinkID) {
        guard let reply = links[link.index].reply else { return }
        links[link.index].reply = nil
        say(reply, on: link)
    }

    /// Replies to what a barrier of another connection has brought about here.
    mutating func replyToStray(_ received: ReceivedMessage, on link: LinkID) {
        guard isRelayed(link), links[link.index].canAsk, links[link.index].responses.isEmpty else {
            return
        }
        let relay = links.compactMap(\.relay).first {
            $0.observed != link && $0.answer.accepts(received.candidate) != nil
        }
        if let reply = relay?.reply { say(reply, on: link) }
    }

    /// What the reply brings about is the confirmation, which is waited for.
    private mutating func say(_ reply: Transmission, on link: LinkID) {
        let wasCause = links[link.index].isCause
        _ = transmit(reply, on: link, for: nil)
        links[link.index].isCause = wasCause
    }

    /// Whether this is what the other peer is told in the end.
    mutating func confirmsRelay(_ received: ReceivedMessage, on link: LinkID) -> Bool {
        guard let relay = links[link.index].relay,
            relay.confirmation.accepts(received.candidate) != nil
        else { return false }
        links[link.index].relay = nil
        if links[link.index].bytesSent == relay.sentUpTo { links[link.index].isCause = false }
        return true
    }
}

extension LinkState {
    /// Whether both directions are open.
    var isWhole: Bool { phase == .open && leaving == .no && serverEnd == nil }

    /// Whether it has asked something for a barrier that is not answered yet.
    var isAsking: Bool { relay != nil || !barriers.isEmpty }
}
