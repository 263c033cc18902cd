// SPDX-License-Identifier: Apache-2.0

import Specs

/// Ports of the runner's own, and connections that the server opens.
extension Interpreter {
    mutating func opened(_ listener: ListenerID, _ port: UInt16) {
        record(.listening(listener, port: port))
        listeners[listener.index].port = port
        bound[plan.listeners[listener.index].portCapture] = Array(String(port).utf8)
    }

    mutating func accept(_ link: LinkID, _ listener: ListenerID) {
        links[link.index].phase = .connecting
        record(.accepting(link))
        ask(.accept(link, listener))
    }

    /// Asks who waits at the port when all that was sent has been handled.
    mutating func proveUnconnected(
        _ listener: ListenerID, _ check: inout AbsenceCheck, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        let isThrough = advance(&check)
        strands[index].current?.stage = .provingUnconnected(listener, check)
        guard isThrough else { return nil }
        recordProof(check, step)
        listeners[listener.index].hasArrivals = nil
        ask(.queryArrivals(listener))
        strands[index].current?.stage = .awaitingArrivals(listener)
        return nil
    }

    /// Whether the server may end this connection although no step has asked for it.
    func mayEnd(_ link: LinkID) -> Bool {
        guard let end = links[link.index].serverEnd else { return true }
        return plan.mayEnd(link, end) {
            links[$0.index].leaving != .no || links[$0.index].serverEnd != nil
        }
    }
}

extension Plan {
    /// Whether the server may end this connection: the scenario allows it, or the connection that
    /// it ends with has ended.
    func mayEnd(_ link: LinkID, _ end: EndKind, hasEnded: (LinkID) -> Bool) -> Bool {
        if let allowed = allowedEnds[link], allowed.accepts(end) { return true }
        guard let other = document.links[links[link.index].kind]?.endsWith else { return false }
        return links.indices.contains { index in
            links[index].peer == links[link.index].peer && links[index].link == other
                && hasEnded(LinkID(index))
        }
    }
}
