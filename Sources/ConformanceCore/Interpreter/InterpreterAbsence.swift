// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Showing that nothing comes, without waiting where a server can be asked.
///
/// Causes first: a barrier on the observer alone is overtaken by a correct server with a thread
/// for each client, whose sender's thread has not come to deliver yet.
extension Interpreter {
    mutating func absenceCheck(
        of observed: [LinkID], mayBeQuiet: Bool, isSweep: Bool = false
    ) -> AbsenceCheck {
        var check = AbsenceCheck(observed: observed, isSweep: isSweep, mayBeQuiet: mayBeQuiet)
        for index in links.indices where links[index].isCause {
            guard links[index].phase == .open else { continue }
            check.causes.insert(LinkID(index))
            // A server may end a connection first and tell the others of it afterwards.
            if links[index].serverEnd != nil { check.needsQuiet = true }
            if !isRelayed(LinkID(index)) { wait(for: LinkID(index), in: &check) }
        }
        return check
    }

    /// Goes on with the check as far as it can; `true` when it is through.
    mutating func advance(_ check: inout AbsenceCheck) -> Bool {
        while true {
            for (link, wait) in check.waits where isOver(wait, on: link, in: &check) {
                check.waits[link] = nil
            }
            startRelays(&check)
            guard check.waits.isEmpty, check.relays.isEmpty else { return false }
            switch check.stage {
            case .causes:
                check.stage = .relays
                check.relays = check.causes.union(check.observed).sorted().filter {
                    isRelayed($0) && isWorthARelay($0, check)
                }
            case .relays:
                check.stage = .observers
                for link in check.observed
                where !isRelayed(link) && needsOwnBarrier(link, check) {
                    wait(for: link, in: &check)
                }
            case .observers:
                guard check.needsQuiet, check.mayBeQuiet else { return true }
                check.stage = .quiet(until: now + timing.quietWindow)
            case .quiet(let until):
                guard now >= until else { return false }
                // What these causes had to bring would have come by now.
                for cause in check.causes { links[cause.index].isCause = false }
                return true
            }
        }
    }

    /// A connection whose own barrier came after every cause needs no second one.
    private func needsOwnBarrier(_ link: LinkID, _ check: AbsenceCheck) -> Bool {
        !(check.answered.contains(link) && check.causes.isSubset(of: [link]))
    }

    private mutating func wait(for link: LinkID, in check: inout AbsenceCheck) {
        let state = links[link.index]
        guard state.phase == .open, state.serverEnd == nil else { return }
        if let number = sendBarrier(on: link) {
            check.waits[link] = .answer(number)
            return
        }
        check.needsQuiet = true
        if state.writer.isUntaken || !state.writer.queue.isEmpty || state.leaving != .no {
            links[link.index].writer.isUntaken = true
            links[link.index].writer.isAwaited = true
            check.waits[link] = .drain
            pump(link)
        }
    }

    private func isOver(
        _ wait: AbsenceCheck.Wait, on link: LinkID, in check: inout AbsenceCheck
    ) -> Bool {
        let hasEnded = links[link.index].serverEnd != nil
        switch wait {
        case .answer(let number):
            guard links[link.index].barriersAnswered >= number else { return hasEnded }
            check.answered.insert(link)
            return true
        case .relay(let number, let asker):
            guard !hasEnded, links[asker.index].serverEnd == nil else { return true }
            guard links[link.index].barriersAnswered >= number, links[asker.index].relay == nil
            else { return false }
            check.answered.insert(link)
            return true
        case .drain:
            return !links[link.index].writer.isUntaken || hasEnded
        }
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

    /// The barrier that this connection can answer now.
    func barrier(of link: LinkID) -> BarrierTemplate? {
        let state = links[link.index]
        guard state.canAsk, !knowledge.brokenBarriers.contains(state.session) else { return nil }
        return plan.document.barrier(in: state.session, link: plan.links[link.index].kind)
    }

    /// Sends a barrier where one is possible; returns its number.
    private mutating func sendBarrier(on link: LinkID) -> Int? {
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
}

extension BarrierTemplate {
    /// `name` is that of who is to hear it, where another peer asks.
    ///
    /// `host` is the runner's own address on the connection.
    func request(nonce: [UInt8], name: [UInt8] = [], host: [UInt8] = []) -> TextPattern {
        Self.text(send, Words(nonce: nonce, name: name, host: host))
    }

    /// What stands for `${nonce}`, `${name}` and `${host}`.
    struct Words {
        var nonce: [UInt8] = []
        var name: [UInt8] = []
        var host: [UInt8] = []
    }

    func answer(nonce: [UInt8]) -> Pattern { Self.fill(answer, nonce) }

    /// What the other peer is told in the end.
    var confirmation: Pattern { through.map { Self.fill($0.confirmation, []) } ?? .any }

    static func text(_ content: ContentTemplate, _ words: Words = Words()) -> TextPattern {
        switch content {
        case .text(let text): fill(text, words)
        case .bytes(let bytes): TextPattern([.literal(bytes)])
        case .json(let content):
            TextPattern([
                .literal(content.bytes { fill($0, words).filled(with: [:]) ?? [] })
            ])
        }
    }

    private static func fill(_ template: PatternTemplate, _ nonce: [UInt8]) -> Pattern {
        let nonce = Words(nonce: nonce)
        return switch template {
        case .text(let text): .text(fill(text, nonce))
        case .contains(let text): .contains(fill(text, nonce))
        case .startsWith(let text): .startsWith(fill(text, nonce))
        case .endsWith(let text): .endsWith(fill(text, nonce))
        case .json(let json): .json(json.map { fill($0, nonce) })
        case .anyOf(let alternatives):
            .anyOf(alternatives.map { Accepted(pattern: fill($0.pattern, nonce.nonce)) })
        case .not(let refused): .not(fill(refused, nonce.nonce))
        case .bytes, .any, .items, .frame: .any
        }
    }

    /// A barrier can name these, and nothing else.
    private static func fill(_ template: Template, _ words: Words) -> TextPattern {
        TextPattern(
            template.parts.map { part in
                switch part {
                case .literal(let bytes): .literal(bytes)
                case .value(let name) where name.literal == nameWord: .literal(words.name)
                case .value(let name) where name.literal == hostWord: .literal(words.host)
                case .value: .literal(words.nonce)
                case .capture(let name): .capture(name)
                }
            })
    }

    private static let nameWord = Array("name".utf8)
    private static let hostWord = Array("host".utf8)

    /// Whether it names the runner's own address.
    var namesHost: Bool {
        guard case .text(let text) = send else { return false }
        return text.parts.contains { part in
            if case .value(let name) = part { name.literal == Self.hostWord } else { false }
        }
    }
}
