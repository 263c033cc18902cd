// SPDX-License-Identifier: Apache-2.0

/// What someone has said in a channel of this server.
struct ChannelsMessage: Equatable, Sendable {
    /// Counts up over all channels.
    let number: Int64
    let channel: ChannelsDirectory.ChannelID
    let sender: ChannelsUser
    let text: [UInt8]

    /// About what it takes in memory.
    var size: Int { sender.name.count + sender.host.count + text.count + 100 }
}

/// The newest messages of one channel, oldest first.
struct ChannelsHistory: Sendable {
    /// All behind `start` count; those before it are gone.
    private var messages: [ChannelsMessage?] = []
    private var start = 0
    private(set) var byteCount = 0

    var count: Int { messages.count - start }

    var oldest: ChannelsMessage? { start < messages.count ? messages[start] : nil }

    /// Every message, oldest first.
    var all: [ChannelsMessage] { messages[start...].compactMap { $0 } }

    mutating func append(_ message: ChannelsMessage) {
        messages.append(message)
        byteCount += message.size
    }

    mutating func removeOldest() -> ChannelsMessage? {
        guard start < messages.count else { return nil }
        let message = messages[start]
        byteCount -= message?.size ?? 0
        messages[start] = nil
        start += 1
        if start > messages.count / 2 {
            messages.removeFirst(start)
            start = 0
        }
        return message
    }
}

/// In which order messages were said, over all channels.
///
/// Entries of messages that are gone are skipped when their turn comes.
struct ChannelsAges: Sendable {
    struct Entry: Sendable {
        let channel: ChannelsDirectory.ChannelID
        let number: Int64
    }

    private var entries: [Entry] = []
    private var first = 0

    var count: Int { entries.count - first }

    mutating func append(_ channel: ChannelsDirectory.ChannelID, _ number: Int64) {
        entries.append(Entry(channel: channel, number: number))
    }

    mutating func popFirst() -> Entry? {
        guard first < entries.count else { return nil }
        let entry = entries[first]
        first += 1
        if first > entries.count / 2 {
            entries.removeFirst(first)
            first = 0
        }
        return entry
    }

    mutating func compact(_ isKept: (Entry) -> Bool) {
        entries = entries[first...].filter(isKept)
        first = 0
    }
}
