// SPDX-License-Identifier: Apache-2.0

/// What became of an attempt to send a whole queue.
package enum FlushResult: Hashable, Sendable {
    /// The queue is empty.
    case drained
    /// The kernel takes no more now; wait until the socket is writable.
    case pending
    /// The peer has reset the connection: nothing will ever leave.
    case reset
}

/// Bytes that wait to be sent on a connection.
///
/// Holds no memory while it is empty. Bounds are the owner's business: see `count`.
package struct SendQueue: ~Copyable {
    private var store = ByteStore()

    package init() {}

    /// Bytes that wait.
    package var count: Int { store.count }
    package var isEmpty: Bool { store.isEmpty }
    /// Bytes of memory held, for bounds and tests.
    package var heldMemory: Int { store.heldMemory }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        store.append(bytes)
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { store.append($0) }
    }

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { store.append($0) }
    }

    /// Hands the kernel as much as it takes, in as few calls as it takes.
    package mutating func flush(to socket: Socket) throws(SystemCallError) -> FlushResult {
        while !store.isEmpty {
            switch try socket.send(store.bytes) {
            case .processed(let count): store.dropFirst(count)
            case .wouldBlock: return .pending
            case .reset, .endOfStream: return .reset
            }
        }
        return .drained
    }

    /// Throws away what waits.
    package mutating func removeAll() {
        store.dropFirst(store.count)
    }
}
