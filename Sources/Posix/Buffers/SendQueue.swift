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
    /// A long text behind the bytes of `store`, of which `left` bytes are to be sent; empty if there
    /// is none.
    private var shared: [UInt8] = []
    private var left = 0
    /// What stands behind that text.
    private var behind = ByteStore()

    package init() {}

    /// Bytes that wait.
    package var count: Int { store.count + left + behind.count }
    package var isEmpty: Bool { count == 0 }
    /// Bytes of memory held, for bounds and tests; a text that is shared is not among them.
    package var heldMemory: Int { store.heldMemory + behind.heldMemory }

    /// Bytes of a shared text that are handed over at most in one `flush`: its receiver may read as fast
    /// as it is sent, and others wait.
    package static let sharedStretch = 1 << 20

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if left == 0 { store.append(bytes) } else { behind.append(bytes) }
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { append($0) }
    }

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Adds a text without copying it; one behind another that waits is copied.
    package mutating func append(sharing text: [UInt8]) {
        guard left == 0 else { return append(text) }
        shared = text
        left = text.count
    }

    /// Hands the kernel as much as it takes, in as few calls as it takes.
    package mutating func flush(to socket: Socket) throws(SystemCallError) -> FlushResult {
        while !isEmpty {
            let isShared = store.isEmpty
            switch try isShared ? sendShared(to: socket) : socket.send(store.bytes) {
            case .processed(let count) where isShared:
                dropShared(count)
                if left > 0 { return .pending }
            case .processed(let count): store.dropFirst(count)
            case .wouldBlock: return .pending
            case .reset, .endOfStream: return .reset
            }
        }
        return .drained
    }

    private func sendShared(to socket: Socket) throws(SystemCallError) -> IOResult {
        let start = shared.count - left
        let stretch = start..<(start + min(left, Self.sharedStretch))
        let result = shared.withUnsafeBytes { bytes in
            Result { () throws(SystemCallError) in
                try socket.send(UnsafeRawBufferPointer(rebasing: bytes[stretch]))
            }
        }
        return try result.get()
    }

    private mutating func dropShared(_ count: Int) {
        left -= count
        guard left == 0 else { return }
        shared = []
        swap(&store, &behind)
    }

    /// Throws away what waits.
    package mutating func removeAll() {
        store.dropFirst(store.count)
        behind.dropFirst(behind.count)
        shared = []
        left = 0
    }
}
