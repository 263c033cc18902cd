// SPDX-License-Identifier: Apache-2.0

/// What became of an attempt to send a whole queue.
package enum FlushResult: Hashable, Sendable {
    /// The queue is empty.
    case drained
    /// The kernel takes no more now, or has taken enough for once; wait until the socket is writable.
    case pending
    /// The peer has reset the connection: nothing will ever leave.
    case reset
}

/// Bytes that wait to be sent on a connection.
///
/// Holds no memory while it is empty. Bounds are the owner's business: see `count`.
package struct SendQueue: ~Copyable {
    private var store = ByteStore()
    /// A long text behind the bytes of `store`.
    private var shared = SharedPieces()
    /// What stands behind that text.
    private var behind = ByteStore()

    package init() {}

    /// Bytes that wait.
    package var count: Int { store.count + shared.left + behind.count }
    package var isEmpty: Bool { count == 0 }
    /// Bytes of memory held, for bounds and tests; a text that is shared is not among them.
    package var heldMemory: Int { store.heldMemory + behind.heldMemory }
    /// Whether a text that is shared waits.
    package var isSharing: Bool { shared.left > 0 }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if shared.left == 0 { store.append(bytes) } else { behind.append(bytes) }
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { append($0) }
    }

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Adds a text, which stands in pieces, without copying it; one behind another that waits is copied.
    package mutating func append(sharing pieces: [[UInt8]]) {
        guard shared.left == 0 else { return pieces.forEach { append($0) } }
        shared = SharedPieces(pieces)
    }

    /// Hands the kernel as much as it takes, but no more than `most`, in as few calls as it takes.
    package mutating func flush(
        to socket: Socket,
        most: Int = .max
    ) throws(SystemCallError) -> FlushResult {
        var allowed = most
        while !isEmpty {
            guard allowed > 0 else { return .pending }
            switch try send(to: socket, most: allowed) {
            case .processed(let count): allowed -= count
            case .wouldBlock: return .pending
            case .reset, .endOfStream: return .reset
            }
        }
        return .drained
    }

    private mutating func send(to socket: Socket, most: Int) throws(SystemCallError) -> IOResult {
        guard store.isEmpty else {
            let bytes = UnsafeRawBufferPointer(rebasing: store.bytes.prefix(most))
            let result = try socket.send(bytes)
            if case .processed(let count) = result { store.dropFirst(count) }
            return result
        }
        let result = try shared.send(to: socket, most: most)
        if shared.left == 0 { swap(&store, &behind) }
        return result
    }

    /// Throws away what waits.
    package mutating func removeAll() {
        store.dropFirst(store.count)
        behind.dropFirst(behind.count)
        shared = SharedPieces()
    }
}
