// SPDX-License-Identifier: Apache-2.0

import Specs

/// What a connection can be asked, and asking it.
extension Interpreter {
    /// The barrier that this connection can answer now.
    func barrier(of link: LinkID) -> BarrierTemplate? {
        let state = links[link.index]
        guard state.canAsk, !knowledge.brokenBarriers.contains(state.session) else { return nil }
        return plan.document.barrier(in: state.session, link: plan.links[link.index].kind)
    }

    /// Sends a barrier where one is possible; returns its number.
    mutating func sendBarrier(on link: LinkID) -> Int? {
        guard let barrier = barrier(of: link), barrier.through == nil else { return nil }
        let word = nonce()
        let number = links[link.index].barriersSent + 1
        links[link.index].barriersSent = number
        record(.barrierSent(link, nonce: word))
        let request = Transmission(
            pieces: [.message(barrier.request(nonce: word, host: ownHost(of: link)))],
            split: plan.runSplit)
        _ = transmit(request, on: link, for: nil)
        links[link.index].barriers.append(
            LinkState.Barrier(
                number: number, answer: barrier.answer(nonce: word),
                sentUpTo: links[link.index].bytesSent))
        return number
    }

    /// Notes that a step has asked what a barrier asks, where no word tells the two answers apart:
    /// the one that is due first is the step's.
    mutating func noteOwed(_ payload: [UInt8], in state: String, on link: LinkID) {
        guard
            let barrier = plan.document.barrier(in: state, link: plan.links[link.index].kind),
            barrier.through == nil, case .text(let text) = barrier.send, text.literal == payload
        else { return }
        links[link.index].owed.append(barrier.answer(nonce: []))
    }

    /// The runner's own address on a connection, where it has been told.
    private func ownHost(of link: LinkID) -> [UInt8] {
        bound[plan.links[link.index].hostCapture] ?? []
    }
}
