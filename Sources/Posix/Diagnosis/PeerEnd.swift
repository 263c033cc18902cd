// SPDX-License-Identifier: Apache-2.0

/// The states of a TCP connection (RFC 9293, section 3.3.2), as Linux numbers them.
package enum TCPState: UInt8, Hashable, Sendable {
    case established = 1
    case synSent
    case synReceived
    case finWait1
    case finWait2
    case timeWait
    case closed
    case closeWait
    case lastAck
    case listen
    case closing
    /// Linux: a request that no handshake has completed yet.
    case newSynReceived
}

/// What the kernel knows of the peer's end of one of our connections.
package struct PeerEnd: Hashable, Sendable {
    package let state: TCPState
    /// Bytes, the end of the stream counted as one, that have come and not been read.
    package let receiveQueue: Int
    /// Bytes that the peer has sent and our side has not acknowledged, sent or not.
    package let sendQueue: Int
    /// Bytes, the end of the stream counted as one, that have come in all.
    package let bytesReceived: UInt64
    /// Whether a process holds it; not before it is accepted, and not after it is closed.
    package let isHeld: Bool

    package init(
        state: TCPState,
        receiveQueue: Int,
        sendQueue: Int = 0,
        bytesReceived: UInt64,
        isHeld: Bool
    ) {
        self.state = state
        self.receiveQueue = receiveQueue
        self.sendQueue = sendQueue
        self.bytesReceived = bytesReceived
        self.isHeld = isHeld
    }

    /// Whether the peer's program has read all of the `bytesSent` bytes that we have sent, an end of
    /// the stream counted as one.
    ///
    /// Proves that the bytes left the socket, not that the peer has acted on them.
    package func hasTaken(_ bytesSent: UInt64) -> Bool {
        receiveQueue == 0 && bytesReceived >= bytesSent
    }

    /// The same end with a count from an earlier look.
    func knowing(bytesReceived: UInt64) -> PeerEnd {
        PeerEnd(
            state: state,
            receiveQueue: receiveQueue,
            sendQueue: sendQueue,
            bytesReceived: bytesReceived,
            isHeld: isHeld
        )
    }

    /// Whether the peer's program has ended its sending direction, or closed the socket.
    package var hasFinishedSending: Bool {
        switch state {
        case .finWait1, .finWait2, .timeWait, .closed, .lastAck, .closing: true
        case .established, .synSent, .synReceived, .closeWait, .listen, .newSynReceived: false
        }
    }
}

/// The answer about the peer's end of a connection.
package enum PeerFinding: Hashable, Sendable {
    case open(PeerEnd)
    /// The peer has closed it, and no byte of it is waiting to be read.
    case gone
    /// The kernel does not tell, or the peer is on another machine or in another network
    /// namespace: then every connection looks `gone`, so try once on a connection known to be open.
    case unavailable(SystemCallError)
}

/// The answer about a listener.
package enum ListenerFinding: Hashable, Sendable {
    case listening
    case notListening
    case unavailable(SystemCallError)
}
