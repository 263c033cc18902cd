// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Sending until the kernel's buffers towards a peer that does not read are full.
extension Interpreter {
    /// Bytes that go out before the first look; twice as many before each further one, up to a
    /// bound: what is slow to pass on is full soon, and what has large buffers is not asked often.
    private static var firstBatch: Int { 8 * 1024 }
    private static var batchSize: Int { 64 * 1024 }

    mutating func beginFilling(
        _ talker: LinkID, _ stalled: LinkID, _ content: TextPattern, _ most: Int, _ step: PlanStep
    ) -> Filling {
        let text = content.filled(with: bound) ?? []
        let frame = (try? plan.document.framing.frame(text).bytes) ?? text
        var filling = Filling(
            talker: talker, stalled: stalled, frame: frame,
            count: max(1, Self.firstBatch / max(1, frame.count)), most: most,
            stage: .writing(transmission: 0))
        send(&filling, step)
        return filling
    }

    private mutating func send(_ filling: inout Filling, _ step: PlanStep) {
        let bytes = Array(repeatElement(filling.frame, count: filling.count).joined())
        let batch = Transmission(
            pieces: [.raw(TextPattern([.literal(bytes)]))], split: .whole)
        filling.sent += bytes.count
        filling.count = max(
            1, min(2 * filling.count, Self.batchSize / max(1, filling.frame.count)))
        filling.stage = .writing(
            transmission: transmit(batch, on: filling.talker, for: step.id))
    }

    mutating func fill(
        _ filling: inout Filling, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        defer { store(filling, strand: index) }
        let talker = filling.talker.index
        if links[filling.stalled.index].serverEnd != nil {
            links[filling.stalled.index].isEndExpected = true
            return .held
        }
        if links[talker].serverEnd != nil { return .ended }
        switch filling.stage {
        case .writing(let number):
            guard links[talker].writer.completed >= number else { return nil }
            links[talker].writer.isAwaited = true
            filling.stage = .taking
            filling.takingSince = now
            pump(filling.talker)
            return nil
        case .taking:
            if links[talker].writer.isUntaken {
                // Who reads nothing itself is not read from any more: that is enough, too.
                return filling.wakes.map { now >= $0 } ?? false ? .held : nil
            }
            filling.stage = .looking
            filling.hasLooked = false
            ask(.queryBacklog(filling.stalled))
            return nil
        case .looking:
            guard filling.hasLooked else { return nil }
            if filling.isEnough { return .held }
            send(&filling, step)
            // The server took the batch: it is alive, and the time begins anew.
            strands[index].current?.deadline = now + timing.wait(of: step)
            return nil
        }
    }

    /// How long a server must have left what it was sent until it is taken for stalled itself.
    static let patience: Int64 = 200_000_000

    private mutating func store(_ filling: Filling, strand index: Int) {
        guard case .filling? = strands[index].current?.stage else { return }
        strands[index].current?.stage = .filling(filling)
    }
}

extension Filling {
    /// Twice as much as before, whatever is sent, means full: once may be a server that relays in a
    /// thread of its own.
    mutating func note(backlog bytes: Int?) {
        let isEqual = bytes.map { $0 > 0 && $0 == backlog } ?? false
        equalLooks = isEqual ? equalLooks + 1 : 0
        backlog = bytes
        hasLooked = true
        isEnough = equalLooks >= 2 || sent >= most
    }

    /// When a peer that stalls itself has sent all that the server takes.
    var wakes: Int64? {
        guard talker == stalled, case .taking = stage else { return nil }
        return takingSince + Interpreter.patience
    }
}
