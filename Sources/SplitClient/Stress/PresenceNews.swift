// SPDX-License-Identifier: Apache-2.0

/// Who was told that somebody has come or left, where a server tells such things.
///
/// Those who were in a group are told once of each who comes after them. That one of us has left is
/// due only when all part; before, it may be true of one whose connection the server is ending.
struct PresenceNews {
    enum Event: Sendable { case came, left }

    enum Verdict: Sendable {
        case due
        case unasked
        /// One has left while nobody parts: unasked, unless the server ends connections.
        case early
    }

    private struct Key: Hashable {
        var event: Event
        var client: Int
        var receiver: Int
    }

    private let groups: StressGroups
    private var told: Set<Key> = []

    init(groups: StressGroups) { self.groups = groups }

    /// Whether this was due at the receiver, which is told now.
    mutating func tell(
        _ event: Event, of client: Int, at receiver: Int, isParting: Bool
    ) -> Verdict {
        guard groups.start(of: client) == groups.start(of: receiver) else { return .unasked }
        let isSo =
            switch event {
            case .came: client > receiver
            case .left: client != receiver
            }
        guard isSo else { return .unasked }
        // What was said too early does not stand for what is due when all part.
        if event == .left, !isParting { return .early }
        let key = Key(event: event, client: client, receiver: receiver)
        return told.insert(key).inserted ? .due : .unasked
    }
}
