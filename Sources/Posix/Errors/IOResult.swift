// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What became of one attempt to move bytes.
package enum IOResult: Hashable, Sendable {
    /// So many bytes were moved, at least one.
    case processed(Int)
    /// Nothing can be moved now (`EAGAIN`).
    case wouldBlock
    /// The peer has finished sending (`recv` or `read` returned 0).
    case endOfStream
    /// The peer has reset the connection, or nobody reads it any more (`ECONNRESET`, `EPIPE`).
    case reset

    /// Judges the result of `recv`, `read`, `send` or `write`, whose `errno` must still be set.
    @inline(__always)
    init(_ call: String, moved count: Int) throws(SystemCallError) {
        if count > 0 {
            self = .processed(count)
        } else if count == 0 {
            self = .endOfStream
        } else {
            self = try IOResult.failure(call, errno)
        }
    }

    private static func failure(
        _ call: String,
        _ code: Int32
    ) throws(SystemCallError) -> IOResult {
        switch code {
        case EAGAIN: return .wouldBlock
        case ECONNRESET, EPIPE: return .reset
        default: throw SystemCallError(call: call, code: code)
        }
    }
}
