// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// One connection of a scenario.
///
///     idle ──▶ connecting ──▶ open ──▶ closed
///                  └────────────────────▲
///
/// A closed one keeps its two addresses, so that the server's end can still be looked at.
final class SocketLink {
    enum Phase {
        case idle
        case connecting(Socket, Poller.Token)
        case open(Socket, Poller.Token)
        case closed
    }

    let id: LinkID
    var phase = Phase.idle
    var ours: SocketAddress?
    var theirs: SocketAddress?
    /// What the kernel has not taken yet.
    var outgoing = SendQueue()
    /// Whether the interpreter waits to hear that all is written.
    var owesWritten = false
    /// Bytes handed to the kernel, the end of our direction counted as one.
    var bytesSent: UInt64 = 0
    var bytesReceived = 0
    /// Our direction ends when all is written.
    var endsAfterWriting = false
    var hasShutDown = false
    var isReading = true
    /// The server's direction has ended, one way or the other, or never began.
    var hasEnded = false
    /// Whether the server opens it.
    var isAccepted = false
    /// Since when the interpreter waits for the server to take everything; `nil`: it does not.
    var awaitedSince: Int64?
    /// Something was written, and the server was not seen to have read it all.
    var isUnread = false
    /// How many bytes the server had read when that was last looked at; `nil`: it was not.
    var readUpTo: UInt64?
    /// How many bytes were seen to have come at the server's end, read or not.
    var cameUpTo: UInt64 = 0
    /// What the server has not read while that is waited for, and since when it has been as much.
    var unread: (count: Int, since: Int64)?

    init(_ id: LinkID) { self.id = id }

    /// What to be told of the socket; `nil` for nothing.
    ///
    /// Who has stopped reading is still told of a reset. A direction that has ended would be
    /// reported for ever.
    var interest: Interest? {
        switch phase {
        case .idle, .closed: return nil
        case .connecting: return .writable
        case .open:
            switch (isReading && !hasEnded, !outgoing.isEmpty) {
            case (true, false): return .readable
            case (true, true): return [.readable, .writable]
            case (false, true): return .writable
            case (false, false): return hasEnded ? nil : []
            }
        }
    }

    var socket: Socket? {
        switch phase {
        case .connecting(let socket, _), .open(let socket, _): socket
        case .idle, .closed: nil
        }
    }

    /// Whether the server's machine has acknowledged all that was handed to the kernel.
    ///
    /// Also where that is not to be asked any more, as our end is closed.
    var isAcknowledged: Bool {
        guard let unsent = try? socket?.unsentBytes() else { return true }
        return unsent == 0
    }

    var isOpen: Bool {
        if case .open = phase { true } else { false }
    }
}
