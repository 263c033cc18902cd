// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A TCP stream socket, non-blocking and close-on-exec, that closes itself with its last owner.
package final class Socket {
    /// The number, for a `Poller`; -1 once closed, which no call accepts.
    package private(set) var descriptor: Int32

    /// Takes over `descriptor`: nobody else may close it.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close() }

    /// Reads what is there into `buffer`, which must not be empty.
    ///
    /// The corresponding C function is `recv`.
    @inline(__always)
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemCallError) -> IOResult {
        precondition(!buffer.isEmpty, "receiving into an empty buffer looks like end of stream")
        let count = retryingOnInterrupt {
            recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        }
        return try IOResult("recv", moved: count)
    }

    /// Hands the kernel as much of `bytes`, which must not be empty, as it takes.
    ///
    /// Raises no SIGPIPE. The corresponding C function is `send`.
    @inline(__always)
    package func send(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> IOResult {
        precondition(!bytes.isEmpty, "sending nothing looks like end of stream")
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let count = retryingOnInterrupt {
            Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
        }
        return try IOResult("send", moved: count)
    }

    /// Hands the kernel as much of `bytes`, which must not be empty, as it takes.
    package func send(_ bytes: [UInt8]) throws(SystemCallError) -> IOResult {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemCallError) in try send(buffer) }
        }
        return try result.get()
    }

    /// Ends our sending direction; the peer sees the end of the stream after what was sent.
    ///
    /// Does nothing if the connection is gone already. The corresponding C function is `shutdown`.
    package func shutdownWrite() throws(SystemCallError) {
        let result = shutdown(descriptor, Int32(SHUT_WR))
        guard result == 0 || errno == ENOTCONN else { throw SystemCallError(call: "shutdown") }
    }

    /// Closes it now; closing twice is as once.
    ///
    /// Unread input makes the kernel send a reset instead of an orderly end.
    /// The corresponding C function is `close`.
    package func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Closes it so that the peer sees a reset, and throws away what was not sent yet.
    ///
    /// The corresponding C function is `close` after `SO_LINGER` with time 0.
    package func abort() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout.size(ofValue: linger))
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        close()
    }
}
