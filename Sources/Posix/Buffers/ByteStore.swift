// SPDX-License-Identifier: Apache-2.0

/// Bytes in a row that grow at the end and go away at the front, in linear time.
///
/// Invariant: the bytes are those from `low` to `high`; no memory is held while there are none
/// and no room was asked for, so that an idle connection costs a few words. What is left is moved
/// to the front only after at least as many bytes have gone away.
struct ByteStore: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var low = 0
    private var high = 0

    init() {}

    deinit { base?.deallocate() }

    var count: Int { high - low }
    var isEmpty: Bool { high == low }
    var heldMemory: Int { capacity }

    /// The bytes, valid until the store changes.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base?.advanced(by: low), count: count)
    }

    /// Room for at least `count` more bytes, all of it; `commit` what was written there.
    mutating func room(for count: Int) -> UnsafeMutableRawBufferPointer {
        if capacity - high < count { makeRoom(for: count) }
        return UnsafeMutableRawBufferPointer(
            start: base?.advanced(by: high),
            count: capacity - high
        )
    }

    mutating func commit(_ count: Int) {
        precondition(count >= 0 && count <= capacity - high, "more than there is room for")
        high += count
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        room(for: bytes.count).copyMemory(from: bytes)
        commit(bytes.count)
    }

    mutating func dropFirst(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more than there is")
        low += count
        if isEmpty { release() }
    }

    /// Gives the memory back if there are no bytes.
    mutating func releaseIfEmpty() {
        if isEmpty { release() }
    }

    private mutating func release() {
        base?.deallocate()
        base = nil
        (capacity, low, high) = (0, 0, 0)
    }

    private mutating func makeRoom(for extra: Int) {
        let held = bytes
        if low >= held.count, capacity - held.count >= extra, let base, let start = held.baseAddress
        {
            base.copyMemory(from: start, byteCount: held.count)
        } else {
            let size = max(held.count + extra, 2 * held.count, 256)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            if let start = held.baseAddress {
                larger.copyMemory(from: start, byteCount: held.count)
            }
            base?.deallocate()
            base = larger
            capacity = size
        }
        (low, high) = (0, held.count)
    }
}
