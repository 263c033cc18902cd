// SPDX-License-Identifier: Apache-2.0

/// One thing that a server did wrong to one message.
struct StressFinding: Equatable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case lost
        case duplicated
        case reordered
        case corrupted
        /// It reached somebody it was not for.
        case astray
        /// The server said that it did not do it.
        case refused
        /// The server did not say that it was done, in the time there was.
        case unanswered
        /// Something came that could not be due: no message of the protocol, or once too often.
        case unasked
        /// The server ended a connection.
        case disconnected
        /// One receiver heard it behind a message that others heard later. No requirement, but a
        /// recommendation of `json` (`msg.total-order`).
        case disagreed

        /// Whether a right server may do so.
        var isWarning: Bool { self == .disagreed }
    }

    var kind: Kind
    /// Whose message it was; where there is none, the client that it happened to.
    var sender: Int
    /// The number of the message, from 0; `nil` where the finding is about none.
    var sequence: Int?
    /// `nil` where the finding is about the sender alone.
    var receiver: Int?
    /// What came, or came instead.
    var came: [UInt8]?
    /// The message that should have been heard later than this one.
    var behind: SaidMessage?
}

/// A message, by who said it and its number.
struct SaidMessage: Equatable, Sendable {
    var sender: Int
    var sequence: Int
}

extension StressFinding {
    init(lost delivery: Delivery) {
        self.init(
            kind: .lost, sender: delivery.sender, sequence: delivery.sequence,
            receiver: delivery.receiver)
    }
}

/// The findings of a run: all counted, the first ones of each kind kept.
struct StressFindings: Sendable {
    static let keptOfEachKind = 6

    private(set) var counts: [StressFinding.Kind: Int] = [:]
    private(set) var first: [StressFinding] = []

    /// How many, warnings apart.
    var wrong: Int { counts.reduce(0) { $1.key.isWarning ? $0 : $0 + $1.value } }

    /// Forgets what was found of a kind.
    mutating func forget(_ kind: StressFinding.Kind) {
        counts[kind] = nil
        first.removeAll { $0.kind == kind }
    }

    mutating func add(_ finding: StressFinding) {
        counts[finding.kind, default: 0] += 1
        guard counts[finding.kind, default: 0] <= Self.keptOfEachKind else { return }
        first.append(finding)
    }

    /// Adds what was found elsewhere, behind what was found here.
    mutating func add(_ others: StressFindings) {
        for (kind, count) in others.counts {
            let kept = max(0, Self.keptOfEachKind - counts[kind, default: 0])
            first += others.first.filter { $0.kind == kind }.prefix(kept)
            counts[kind, default: 0] += count
        }
    }
}
