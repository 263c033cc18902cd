// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

extension Socket {
    /// Whether each write leaves at once instead of waiting for company (`TCP_NODELAY`).
    package func setNoDelay(_ enabled: Bool) throws(SystemCallError) {
        let level = Int32(IPPROTO_TCP)
        try setOption(descriptor, level: level, TCP_NODELAY, to: enabled ? 1 : 0)
    }

    /// Asks for a kernel receive buffer of so many bytes (`SO_RCVBUF`); the kernel doubles it.
    ///
    /// The window that the peer sees is fixed at connecting: see `connecting(to:from:receiveBuffer:)`.
    package func setReceiveBuffer(bytes: Int32) throws(SystemCallError) {
        try setOption(descriptor, SO_RCVBUF, to: bytes)
    }

    /// Asks for a kernel send buffer of so many bytes (`SO_SNDBUF`); the kernel doubles it.
    package func setSendBuffer(bytes: Int32) throws(SystemCallError) {
        try setOption(descriptor, SO_SNDBUF, to: bytes)
    }

    /// Bounds how much the kernel takes that it cannot send yet, and calls the socket writable by
    /// that (`TCP_NOTSENT_LOWAT`); 0 leaves it to the system, which as a rule sets no bound.
    package func setUnsentLimit(bytes: Int32) throws(SystemCallError) {
        try setOption(descriptor, level: Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, to: bytes)
    }

    /// Our end of the connection (`getsockname`).
    package func localAddress() throws(SystemCallError) -> SocketAddress {
        try boundAddress(of: descriptor)
    }

    /// The peer's end; fails with `ENOTCONN` unless connected (`getpeername`).
    package func remoteAddress() throws(SystemCallError) -> SocketAddress {
        try SocketAddress.reading("getpeername") { getpeername(descriptor, $0, $1) }.address
    }

    /// Bytes handed to the kernel that the peer's kernel has not acknowledged (`SIOCOUTQ`).
    package func unsentBytes() throws(SystemCallError) -> Int {
        var count: Int32 = 0
        try checked("ioctl") { cshim_unsent_bytes(descriptor, &count) }
        return Int(count)
    }

    /// Bytes that have come and that we have not read (`SIOCINQ`).
    package func unreadBytes() throws(SystemCallError) -> Int {
        var count: Int32 = 0
        try checked("ioctl") { cshim_unread_bytes(descriptor, &count) }
        return Int(count)
    }
}
