// SPDX-License-Identifier: Apache-2.0

/// The beginning and the end of a stream of bytes that may be endless.
package struct BoundedLog: Hashable, Sendable {
    /// How much is kept of each.
    ///
    /// 64 KiB hold the start-up and the last words of any server, and two streams of a hundred
    /// servers cost no more than 25 MiB.
    package static let standardLimit = 65_536

    package let limit: Int
    /// The first bytes of the stream.
    package private(set) var head: [UInt8] = []
    /// How many bytes came in all.
    package private(set) var total = 0
    /// The last bytes after the head; a ring that begins at `start` once it is full.
    private var ring: [UInt8] = []
    private var start = 0

    package init(limit: Int = BoundedLog.standardLimit) {
        self.limit = max(1, limit)
    }

    /// The last bytes of the stream that are not in the head.
    package var tail: [UInt8] { Array(ring[start...] + ring[..<start]) }

    /// How many bytes were left out between head and tail.
    package var dropped: Int { total - head.count - ring.count }

    package mutating func append(_ bytes: some RandomAccessCollection<UInt8>) {
        total += bytes.count
        let first = bytes.prefix(limit - head.count)
        head += first
        var rest = bytes.dropFirst(first.count).suffix(limit)
        let free = rest.prefix(limit - ring.count)
        ring += free
        rest = rest.dropFirst(free.count)
        for byte in rest {
            ring[start] = byte
            start = start + 1 == limit ? 0 : start + 1
        }
    }
}
