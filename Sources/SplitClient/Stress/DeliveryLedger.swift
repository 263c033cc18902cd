// SPDX-License-Identifier: Apache-2.0

/// What has arrived at whom, and what of it was wrong.
///
/// Per receiver and sender it keeps one number, that of the next message that is due. One that
/// comes with a greater number shows the ones between to be missing; one of these that comes later
/// was overtaken; all others with smaller numbers come for a second time.
struct DeliveryLedger {
    enum Arrival: Equatable {
        /// The message was due, or is ahead of what is: everything from `from` on has now been
        /// passed, in the receiver's row.
        case fresh(from: Int)
        /// It was missing until now.
        case late
        case duplicate
        /// This receiver was never to get it.
        case astray
    }

    private let groups: StressGroups
    private var next: [UInt32]
    /// Messages that were overtaken and have not come yet.
    private var missing: Set<Key> = []
    /// How many messages arrived for the first time.
    private(set) var arrived = 0

    /// More are not told apart from duplicates: 1 Mi of them are fault enough.
    private static let mostMissing = 1 << 20

    private struct Key: Hashable {
        var slot: Int
        var sequence: Int
    }

    init(groups: StressGroups) {
        self.groups = groups
        next = Array(repeating: 0, count: groups.clients * groups.largest)
        for receiver in 0..<groups.clients {
            for sender in groups.neighbours(of: receiver) {
                let first = groups.first(receiver, from: sender)
                next[slot(receiver, sender)] = UInt32(truncatingIfNeeded: first)
            }
        }
    }

    /// The number of the next message of `sender` that is due at `receiver`.
    func due(at receiver: Int, from sender: Int) -> Int {
        groups.hears(receiver, sender) ? Int(next[slot(receiver, sender)]) : 0
    }

    mutating func arrive(at receiver: Int, from sender: Int, _ sequence: Int) -> Arrival {
        guard groups.hears(receiver, sender) else { return .astray }
        guard groups.hears(receiver, sender, sequence) else { return .astray }
        let slot = slot(receiver, sender)
        let due = Int(next[slot])
        guard sequence >= due else {
            guard missing.remove(Key(slot: slot, sequence: sequence)) != nil else {
                return .duplicate
            }
            arrived += 1
            return .late
        }
        var skipped = due
        while skipped < sequence, missing.count < Self.mostMissing {
            missing.insert(Key(slot: slot, sequence: skipped))
            skipped = groups.next(after: skipped, from: sender)
        }
        next[slot] = UInt32(truncatingIfNeeded: groups.next(after: sequence, from: sender))
        arrived += 1
        return .fresh(from: due)
    }

    /// Calls `body` with each of the first `sent[sender]` messages of each sender that has not
    /// come: what was overtaken first.
    func forEachLost(of sent: [Int], _ body: (_ lost: Delivery) -> Void) {
        for delivery in overtaken { body(delivery) }
        for receiver in 0..<groups.clients {
            for sender in groups.neighbours(of: receiver) where groups.hears(receiver, sender) {
                var sequence = due(at: receiver, from: sender)
                while sequence < sent[sender] {
                    body(Delivery(receiver: receiver, sender: sender, sequence: sequence))
                    sequence = groups.next(after: sequence, from: sender)
                }
            }
        }
    }

    /// How many were overtaken and have not come.
    var overtakenCount: Int { missing.count }

    /// What was overtaken and has not come.
    var overtaken: [Delivery] {
        let sorted = missing.sorted { ($0.sequence, $0.slot) < ($1.sequence, $1.slot) }
        return sorted.map { key in
            let receiver = key.slot / groups.largest
            let start = groups.start(of: receiver)
            return Delivery(
                receiver: receiver, sender: start + key.slot % groups.largest,
                sequence: key.sequence)
        }
    }

    private func slot(_ receiver: Int, _ sender: Int) -> Int {
        receiver * groups.largest + sender - groups.start(of: sender)
    }
}

/// One message at one receiver.
struct Delivery: Equatable, Sendable {
    var receiver: Int
    var sender: Int
    var sequence: Int
}
