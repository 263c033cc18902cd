// SPDX-License-Identifier: Apache-2.0

/// What has come in on a connection and is not used up yet.
///
/// Holds no memory while it is empty.
package struct ReceiveBuffer: ~Copyable {
    private var store = ByteStore()
    /// How much to ask for: doubles as long as reads fill it.
    private var readSize = 4096
    private static let largestRead = 65_536

    package init() {}

    package var count: Int { store.count }
    package var isEmpty: Bool { store.isEmpty }
    /// Bytes of memory held, for bounds and tests.
    package var heldMemory: Int { store.heldMemory }

    /// Reads once from the socket and keeps what came.
    package mutating func receive(from socket: Socket) throws(SystemCallError) -> IOResult {
        let room = store.room(for: readSize)
        let wanted = UnsafeMutableRawBufferPointer(rebasing: room[..<min(room.count, readSize)])
        defer { store.releaseIfEmpty() }
        let result = try socket.receive(into: wanted)
        guard case .processed(let count) = result else { return result }
        store.commit(count)
        readSize = count == wanted.count ? min(2 * readSize, ReceiveBuffer.largestRead) : 4096
        return result
    }

    /// Adds bytes as if they had been received.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        store.append(bytes)
    }

    /// Adds bytes as if they had been received.
    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { store.append($0) }
    }

    /// Calls `body` with all bytes, oldest first.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = store.bytes.assumingMemoryBound(to: UInt8.self)
        return try body(bytes.span)
    }

    /// Forgets the oldest `count` bytes; `count` must not be more than there are.
    package mutating func dropFirst(_ count: Int) {
        store.dropFirst(count)
    }

    /// Copies the oldest `count` bytes out and forgets them.
    package mutating func takeFirst(_ count: Int) -> [UInt8] {
        let taken = [UInt8](store.bytes.prefix(count))
        store.dropFirst(count)
        return taken
    }
}
