// SPDX-License-Identifier: Apache-2.0

/// A message, and which of one server's users in its channel are still to be told it.
struct ChannelsTelling: Sendable {
    let message: ChannelsMessage
    /// The first who has not been told, by the place among those users.
    var next = 0
    /// Behind the last one: who joins later is told by the history.
    let end: Int
}

/// What the users of another server are still to be told, in order.
struct ChannelsOutbox: Sendable {
    private var tellings: [ChannelsTelling?] = []
    private var start = 0
    /// Bytes of the messages, each counted once.
    private(set) var size = 0

    var first: ChannelsTelling? { start < tellings.count ? tellings[start] : nil }

    mutating func append(_ telling: ChannelsTelling) {
        tellings.append(telling)
        size += telling.message.size
    }

    /// Notes how far the first one has come.
    mutating func stop(at next: Int) {
        guard start < tellings.count else { return }
        tellings[start]?.next = next
    }

    mutating func removeFirst() {
        guard start < tellings.count else { return }
        size -= tellings[start]?.message.size ?? 0
        tellings[start] = nil
        start += 1
        if start > tellings.count / 2 {
            tellings.removeFirst(start)
            start = 0
        }
    }
}
