// SPDX-License-Identifier: Apache-2.0

/// Messages that a client has heard and that were right, to be known again where others hear them.
///
/// Who says a text to many sends the same bytes to each. Bytes that are those of a message that was
/// read, from one border to the next, say what it says: they are compared, and not read again.
///
/// Each group has a row of its messages, in the order of who heard them first, and each client a
/// place in it: what it hears is compared with the one message that it should hear next. So where
/// clients hear different orders more has to be read, and nothing else is different.
struct KnownMessages {
    struct Known {
        var sender: Int
        var sequence: Int
        /// Where the next message begins.
        var end: Int
    }

    private struct Entry {
        var sender: Int32 = -1
        var sequence: Int32 = -1
        var length = 0
    }

    private let hearsItself: Bool
    private let groups: [Int]
    /// How many messages of a group are kept, a power of two; 0 where that is not worth it.
    private let ring: Int
    /// Bytes that there are for each.
    private let width: Int
    private var entries: [Entry]
    private var bytes: [UInt8]
    /// How many messages have been in the row of each group, and where in it each client is.
    private var had: [Int]
    private var places: [Int]

    /// How far a client that has heard something else is looked for in the row.
    private static let lookahead = 16
    private static let mostBytes = 1 << 25

    /// `onTheirWay` is how many messages of one client may be on their way, `size` that of a text.
    init(groups: StressGroups, onTheirWay: Int, size: Int) {
        hearsItself = groups.audience == .everyone
        var number = -1
        self.groups = (0..<groups.clients).map { client in
            if groups.isFirst(client) { number += 1 }
            return number
        }
        // What JSON escapes is longer than its text.
        width = 256 + size + size / 4
        var ring = 64
        while ring < onTheirWay * groups.largest, ring < 1 << 13 { ring *= 2 }
        let isWorthIt = groups.audience != .one && groups.largest > 2
        self.ring = isWorthIt && ring * width * groups.count <= Self.mostBytes ? ring : 0
        entries = Array(repeating: Entry(), count: groups.count * self.ring)
        bytes = Array(repeating: 0, count: groups.count * self.ring * width)
        had = Array(repeating: 0, count: groups.count)
        places = Array(repeating: 0, count: groups.clients)
    }

    /// The message at `start`, where it is the one that this client should hear next.
    @inline(__always)
    mutating func recognize(
        _ message: UnsafeRawBufferPointer, from start: Int, at receiver: Int
    ) -> Known? {
        guard ring > 0 else { return nil }
        let group = groups[receiver]
        var place = places[receiver]
        while place < had[group] {
            let slot = slot(group, place)
            let entry = entries[slot]
            place += 1
            if entry.sender == receiver, !hearsItself { continue }
            guard isSame(message, from: start, slot, entry.length) else { return nil }
            places[receiver] = place
            return Known(
                sender: Int(entry.sender), sequence: Int(entry.sequence), end: start + entry.length)
        }
        return nil
    }

    @inline(__always)
    private func isSame(
        _ message: UnsafeRawBufferPointer, from start: Int, _ slot: Int, _ length: Int
    ) -> Bool {
        guard start + length <= message.count else { return false }
        let came = UnsafeRawBufferPointer(rebasing: message[start..<start + length])
        return bytes.withUnsafeBytes {
            let first = slot * width
            return ByteScanning.areEqual(
                came, UnsafeRawBufferPointer(rebasing: $0[first..<first + length]))
        }
    }

    /// A client has heard a message, all of which was right.
    mutating func hear(
        _ message: UnsafeRawBufferPointer, _ sequence: Int, of sender: Int, at receiver: Int
    ) {
        guard ring > 0 else { return }
        let group = groups[receiver]
        var place = max(places[receiver], had[group] - ring)
        let last = min(had[group], place + Self.lookahead)
        while place < last {
            let entry = entries[slot(group, place)]
            place += 1
            guard entry.sender == sender, entry.sequence == sequence else { continue }
            return places[receiver] = place
        }
        guard last == had[group], message.count <= width else { return }
        append(message, sequence, of: sender, in: group)
        places[receiver] = had[group]
    }

    private mutating func append(
        _ message: UnsafeRawBufferPointer, _ sequence: Int, of sender: Int, in group: Int
    ) {
        let slot = slot(group, had[group])
        entries[slot] = Entry(
            sender: Int32(truncatingIfNeeded: sender),
            sequence: Int32(truncatingIfNeeded: sequence), length: message.count)
        let first = slot * width
        bytes.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[first..<first + message.count])
                .copyMemory(from: message)
        }
        had[group] += 1
    }

    private func slot(_ group: Int, _ place: Int) -> Int { group * ring + place & (ring - 1) }
}
