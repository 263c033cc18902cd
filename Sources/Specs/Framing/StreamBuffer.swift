// SPDX-License-Identifier: Apache-2.0

/// Bytes of a stream that no message has taken yet.
package struct StreamBuffer: Sendable {
    private var storage: [UInt8] = []
    private var start = 0
    /// How many bytes of the stream came before `bytes`.
    package private(set) var streamOffset = 0

    package init() {}

    package var bytes: ArraySlice<UInt8> { storage[start...] }
    package var count: Int { storage.count - start }

    package mutating func append(_ bytes: [UInt8]) {
        storage += bytes
    }

    package mutating func take(_ count: Int) -> [UInt8] {
        let end = min(start + count, storage.count)
        let taken = Array(storage[start..<end])
        streamOffset += taken.count
        start = end
        // Compacting only past half keeps the cost linear in the bytes of the stream.
        if start * 2 >= storage.count {
            storage.removeSubrange(..<start)
            start = 0
        }
        return taken
    }
}
