// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What became of a write to standard output or standard error.
package enum OutputResult: Hashable, Sendable {
    case written
    /// Nobody reads it any more, or it was closed from the start: no reason to stop working.
    case closed
}

/// Writes whole texts to the standard descriptors.
package enum Output {
    /// Writes to standard output; ignore SIGPIPE first.
    @discardableResult
    package static func write(_ text: String) throws(SystemCallError) -> OutputResult {
        try write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Writes to standard error and ignores failures, as there is nowhere left to tell of them.
    package static func writeError(_ text: String) {
        _ = try? write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Writes all bytes, waiting where the descriptor is non-blocking and takes no more.
    ///
    /// Throws what a full disk says. The corresponding C function is `write`.
    @discardableResult
    package static func write(
        _ bytes: [UInt8],
        to descriptor: Int32
    ) throws(SystemCallError) -> OutputResult {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                retryingOnInterrupt { Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if try afterFailure(errno, descriptor) == .closed {
                return .closed
            }
        }
        return .written
    }

    /// `.written` means: try again.
    private static func afterFailure(
        _ code: Int32,
        _ descriptor: Int32
    ) throws(SystemCallError) -> OutputResult {
        switch code {
        case EAGAIN:
            _ = try waitForOne(descriptor, .writable, until: .max)
            return .written
        case EPIPE, ECONNRESET, EBADF, EIO:
            return .closed
        default:
            throw SystemCallError(call: "write", code: code)
        }
    }
}
