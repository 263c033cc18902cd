// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A file descriptor that closes itself with its last owner.
package final class Descriptor {
    /// The number, for a `Poller`; -1 once closed, which no call accepts.
    package private(set) var number: Int32

    /// Takes over `number`: nobody else may close it.
    init(owning number: Int32) {
        self.number = number
    }

    /// Standard input, which the caller owns from now on.
    package static func standardInput() -> Descriptor { Descriptor(owning: STDIN_FILENO) }

    deinit { close() }

    /// Closes it now; closing twice is as once.
    ///
    /// The corresponding C function is `close`, whose errors say nothing that we could act on.
    package func close() {
        guard number >= 0 else { return }
        _ = Glibc.close(number)
        number = -1
    }

    /// Gives the number away: the new owner closes it.
    func release() -> Int32 {
        defer { number = -1 }
        return number
    }

    /// Reads what is there into `buffer`, which must not be empty.
    ///
    /// The corresponding C function is `read`.
    package func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemCallError) -> IOResult {
        precondition(!buffer.isEmpty, "reading into an empty buffer looks like end of stream")
        let count = retryingOnInterrupt { Glibc.read(number, buffer.baseAddress, buffer.count) }
        return try IOResult("read", moved: count)
    }

    /// Makes reads and writes return at once.
    ///
    /// The corresponding C function is `fcntl`.
    package func setNonBlocking() throws(SystemCallError) {
        try checked("fcntl") { cshim_set_nonblocking(number) }
    }
}

/// The two ends of a pipe, each close-on-exec and blocking.
package struct Pipe {
    package let reader: Descriptor
    package let writer: Descriptor

    /// The corresponding C function is `pipe2`.
    package init() throws(SystemCallError) {
        var ends: (Int32, Int32) = (-1, -1)
        let result = withUnsafeMutableBytes(of: &ends) { bytes in
            bytes.withMemoryRebound(to: Int32.self) { cshim_pipe($0.baseAddress) }
        }
        guard result == 0 else { throw SystemCallError(call: "pipe2") }
        self.reader = Descriptor(owning: ends.0)
        self.writer = Descriptor(owning: ends.1)
    }
}
