// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// One direction of a recorded connection: which packets are of it, and where its bytes are in them.
struct LiveStream {
    /// Which one it is.
    struct Name: Hashable {
        var link: LinkID
        var direction: Direction
    }

    /// The places of its packets among all that were recorded.
    private(set) var places: [Int] = []
    /// Behind its last byte.
    private var end = 0
    /// Where among its packets it was looked at last; it is gone through forwards.
    private var hint = 0
    /// How many of its bytes the transcript has told of.
    private var told = 0

    mutating func add(_ place: Int, upTo end: Int) {
        places.append(place)
        self.end = max(self.end, end)
    }

    /// The next bytes that the transcript tells of.
    mutating func tell(_ count: Int) -> Range<Int> {
        defer { told += count }
        return told..<(told + count)
    }

    /// The place of the packet that carries a byte.
    mutating func carrier(of byte: Int, among packets: [LivePackets.Packet]) -> Int? {
        guard byte < end else { return nil }
        // What was sent again, or came out of order, may stand before what was asked for last.
        for range in [hint..<places.count, 0..<hint] {
            let found = range.first { packets[places[$0]].range.contains(byte) }
            guard let found else { continue }
            hint = found
            return places[found]
        }
        return nil
    }
}
