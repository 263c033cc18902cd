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
        /// The server ended a connection.
        case disconnected
    }

    var kind: Kind
    var sender: Int
    /// The number of the message, from 0; `nil` where the finding is about none.
    var sequence: Int?
    /// `nil` where the finding is about the sender alone.
    var receiver: Int?
    /// What came, or came instead.
    var came: [UInt8]?
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

    var total: Int { counts.values.reduce(0, +) }

    mutating func add(_ finding: StressFinding) {
        counts[finding.kind, default: 0] += 1
        guard counts[finding.kind, default: 0] <= Self.keptOfEachKind else { return }
        first.append(finding)
    }
}
