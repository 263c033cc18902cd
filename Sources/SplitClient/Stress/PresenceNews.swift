// SPDX-License-Identifier: Apache-2.0

/// Who was told that somebody has come or left, where a server tells such things.
///
/// Those who were in a group are told once of each who comes after them. That one of us has left is
/// news only when all part.
struct PresenceNews {
    enum Event: Sendable { case came, left }

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
    ) -> Bool {
        guard groups.start(of: client) == groups.start(of: receiver) else { return false }
        let isSo =
            switch event {
            case .came: client > receiver
            case .left: isParting && client != receiver
            }
        return isSo && told.insert(Key(event: event, client: client, receiver: receiver)).inserted
    }
}
