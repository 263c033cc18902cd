// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

/// One client's connection, as the loop knows it.
///
/// ```text
///  open ──close──▶ flushing ──queue empty──▶ lingering ──end of input, time, bytes──▶ (gone)
///    └───────────────┴──────── reset, abort, dropped ──────────┘
/// ```
///
/// In `lingering` our end of the stream has been sent, and what the client still says is thrown
/// away; a client that has ended its input before is gone without lingering.
final class Connection {
    /// Whether the machine wants input.
    enum Intake {
        case open
        /// Not for now, but its end is told at once.
        case paused
        /// Not for now, and neither its end.
        case held
    }

    enum Phase: Equatable {
        case open
        case flushing
        case lingering(until: Int64, bytesLeft: Int)
    }

    let id: ConnectionID
    let token: Poller.Token
    let socket: Socket
    let address: SocketAddress
    /// Whether the server has made it.
    let isOutgoing: Bool

    var phase = Phase.open
    var inputClosed = false
    /// Whether nothing was read any more when it was decided to close: much may still come.
    var wasPaused = false
    /// Whether the connection is on the list of those to flush at the end of the turn.
    var isDirty = false
    /// Whether it is on the list of those whose pending input is taken up in the next turn.
    var isResuming = false
    /// Whether more of it is read at once than of others.
    var isWide = false
    /// Whether it is on the list of those whose share is sent when it is their turn.
    var isPutOff = false
    /// Whether the machine is to be told when nothing waits to be sent any more.
    var awaitsSent = false
    /// Whether it is on the list of those to be closed before anything else is done.
    var isDoomed = false
    /// Whether the log has it that a password of its was not looked at.
    var hasRefusedPassword = false
    var intake = Intake.open
    /// What `poll` is asked for now.
    var asksForInput = true
    var asksForRoom = false
    var asksForEnd = false

    /// What waits to be sent and is not in the effect buffer.
    private(set) var queue = SendQueue()
    /// What waits in the effect buffer until the end of the turn; empty unless the queue is.
    ///
    /// So what is sent at once, which is nearly everything, is never copied for each receiver.
    private(set) var unqueued = 0..<0
    /// Whether the kernel has been asked to take little ahead, as a long text is sent.
    private var limitsUnsent = false
    /// How much of the queue others have caused, at most: counted when it is queued, and never
    /// more than what is left.
    var caused = 0
    /// Input that was read and that the machine wants later; seldom any.
    var pending: [UInt8] = []

    init(
        id: ConnectionID,
        token: Poller.Token,
        socket: Socket,
        address: SocketAddress,
        isOutgoing: Bool
    ) {
        self.id = id
        self.token = token
        self.socket = socket
        self.address = address
        self.isOutgoing = isOutgoing
    }

    /// Bytes that wait to be sent.
    var waiting: Int { queue.count + unqueued.count }

    /// Whether something waits that was not sent when it was caused.
    var hasBacklog: Bool { !queue.isEmpty }

    /// Adds a payload of the effect buffer to what waits.
    func enqueue(_ payload: Range<Int>, of payloads: UnsafeRawBufferPointer) {
        if queue.isEmpty, unqueued.isEmpty {
            unqueued = payload
        } else if !unqueued.isEmpty, unqueued.upperBound == payload.lowerBound {
            unqueued = unqueued.lowerBound..<payload.upperBound
        } else {
            queueUnqueued(payloads)
            queue.append(UnsafeRawBufferPointer(rebasing: payloads[payload]))
        }
    }

    /// Adds a text that others may wait for as well, behind what waits in the effect buffer.
    func enqueue(sharing pieces: [[UInt8]], behind payloads: UnsafeRawBufferPointer) {
        queueUnqueued(payloads)
        queue.append(sharing: pieces)
        guard !limitsUnsent, queue.count > ServerLimits.unsent else { return }
        // Where it fails the kernel takes more.
        limitsUnsent = (try? socket.setUnsentLimit(bytes: Int32(ServerLimits.unsent))) != nil
    }

    private func queueUnqueued(_ payloads: UnsafeRawBufferPointer) {
        queue.append(UnsafeRawBufferPointer(rebasing: payloads[unqueued]))
        unqueued = 0..<0
    }

    /// Hands the kernel what it takes, of what is queued at most so much; queues what it does not take.
    func flush(
        _ payloads: UnsafeRawBufferPointer,
        most: Int
    ) throws(SystemCallError) -> FlushResult {
        guard !unqueued.isEmpty else { return try flushQueue(most) }
        let bytes = UnsafeRawBufferPointer(rebasing: payloads[unqueued])
        unqueued = 0..<0
        switch try socket.send(bytes) {
        case .processed(let count) where count == bytes.count:
            return .drained
        case .processed(let count):
            queue.append(UnsafeRawBufferPointer(rebasing: bytes[count...]))
            return .pending
        case .wouldBlock:
            queue.append(bytes)
            return .pending
        case .reset, .endOfStream:
            return .reset
        }
    }

    private func flushQueue(_ most: Int) throws(SystemCallError) -> FlushResult {
        let result = try queue.flush(to: socket, most: most)
        if limitsUnsent, !queue.isSharing {
            limitsUnsent = false
            try? socket.setUnsentLimit(bytes: 0)
        }
        return result
    }

    func forgetOutput() {
        queue.removeAll()
        unqueued = 0..<0
    }

    /// Whether to ask `poll` for input, `limit` being the bound of what may wait.
    func wantsInput(limit: Int) -> Bool {
        switch phase {
        case .open: !inputClosed && intake == .open && pending.isEmpty && waiting <= limit
        case .flushing: false
        case .lingering: true
        }
    }

    /// Whether to ask `poll` for the end of input, which is to be told before what stands before it.
    var wantsEnd: Bool { intake == .paused && phase == .open && !inputClosed }

    /// Whether to ask `poll` for room.
    var wantsRoom: Bool {
        switch phase {
        case .open, .flushing: waiting > 0
        case .lingering: false
        }
    }
}
