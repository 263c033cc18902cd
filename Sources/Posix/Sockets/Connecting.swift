// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// How far an attempt to connect has come.
package enum ConnectionResult: Hashable, Sendable {
    case pending
    case connected
    case failed(SystemCallError)
}

extension Socket {
    /// Begins to connect and returns at once.
    ///
    /// Wait until the socket is writable, then ask `connectionResult`. Sets no option but those
    /// asked for. `source` is the address to connect from (its port may be 0); `receiveBuffer` is
    /// the kernel's receive buffer in bytes, which must be set before the handshake to bound the
    /// window; `segmentSize` is the longest segment in bytes that either side sends, at least 88
    /// (`TCP_MAXSEG`). Throws what fails at once, a refusal on loopback included.
    /// The corresponding C functions are `socket`, `setsockopt`, `bind` and `connect`.
    package static func connecting(
        to address: SocketAddress,
        from source: SocketAddress? = nil,
        receiveBuffer: Int32? = nil,
        segmentSize: Int32? = nil
    ) throws(SystemCallError) -> Socket {
        let descriptor = try checked("socket") { cshim_socket(address.host.family) }
        let socket = Socket(owning: descriptor)
        if let receiveBuffer { try socket.setReceiveBuffer(bytes: receiveBuffer) }
        if let segmentSize {
            try setOption(descriptor, level: Int32(IPPROTO_TCP), TCP_MAXSEG, to: segmentSize)
        }
        if let source { try bindSocket(descriptor, to: source) }
        let result = address.withSockaddr { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS || errno == EINTR else {
            throw SystemCallError(call: "connect")
        }
        return socket
    }

    /// Tells how far connecting has come; to be asked until it is not pending.
    ///
    /// A socket that met itself (a loopback port without listener can be drawn as its own source)
    /// counts as refused. The corresponding C functions are `getsockopt(SO_ERROR)`, `getpeername`.
    package func connectionResult() -> ConnectionResult {
        do {
            let code = try option(descriptor, SO_ERROR)
            guard code == 0 else { return .failed(SystemCallError(call: "connect", code: code)) }
            let (local, remote) = (try localAddress(), try remoteAddress())
            guard local != remote else {
                return .failed(SystemCallError(call: "connect", code: ECONNREFUSED))
            }
            return .connected
        } catch {
            return error.code == ENOTCONN ? .pending : .failed(error)
        }
    }

    /// Connects, waiting for at most so many nanoseconds; fails with `ETIMEDOUT` after them.
    package static func connect(
        to address: SocketAddress,
        from source: SocketAddress? = nil,
        receiveBuffer: Int32? = nil,
        within nanoseconds: Int64
    ) throws(SystemCallError) -> Socket {
        let deadline = MonotonicClock.deadline(after: nanoseconds)
        let socket = try connecting(to: address, from: source, receiveBuffer: receiveBuffer)
        while true {
            switch socket.connectionResult() {
            case .connected: return socket
            case .failed(let error): throw error
            case .pending: break
            }
            guard try socket.waits(for: .writable, until: deadline) else {
                throw SystemCallError(call: "connect", code: ETIMEDOUT)
            }
        }
    }

    /// Blocks until the socket is ready or the deadline has passed; says whether it is ready.
    ///
    /// For programs with one thing to wait for; a loop uses a `Poller`.
    package func waits(
        for interest: Interest,
        until deadline: Int64
    ) throws(SystemCallError) -> Bool {
        try waitForOne(descriptor, interest, until: deadline)
    }
}
