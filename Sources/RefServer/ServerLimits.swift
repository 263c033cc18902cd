// SPDX-License-Identifier: Apache-2.0

import Posix

/// Bounds of the event loop, whatever the protocol.
struct ServerLimits {
    /// Clients at once; beyond it a connection is accepted and closed at once.
    ///
    /// Closed rather than left waiting, so that the client learns of it. By default only the
    /// number of descriptors bounds them.
    var connections = Int.max

    /// Bytes that others may cause to wait for a client before it is dropped.
    ///
    /// 1 MiB is some seconds of a busy room, and what a hundred stuck clients may cost is still
    /// little.
    var sendQueue = 1 << 20

    /// Bytes taken from one connection in one turn, so that nobody is served alone.
    static let readSize = 64 * 1024

    /// Bytes taken from a connection that speaks for many.
    ///
    /// Another server says everything once for each of its hearers here: this is some messages for
    /// some hundreds of them, which then leave in one call for each hearer.
    static let wideReadSize = 1 << 20

    /// Bytes of what has waited that are sent on one connection in one turn: its share.
    ///
    /// Some microseconds, and as much as is read of it.
    static let share = 64 * 1024

    /// Bytes of what has waited that are sent in one turn on all connections together.
    ///
    /// A fraction of a millisecond: so long others wait for who reads what it was sent before,
    /// however many these are.
    static let shares = 1 << 20

    /// Bytes of a long text that the kernel may hold for a client and cannot send yet.
    ///
    /// By itself it takes megabytes for each client that does not read.
    static let unsent = 128 * 1024

    /// Connections accepted in one turn.
    static let accepts = 256

    /// How long a closed connection is kept to read on and throw away, in nanoseconds.
    ///
    /// A close with unread input makes the kernel send a reset, which can take the last answers
    /// from the client; two seconds are some round trips on any network.
    static let linger: Int64 = 2_000_000_000

    /// How many bytes are thrown away so, at most: more than the kernels of both ends hold.
    static let lingerBytes = 64 << 20

    /// How long queued output may take to leave after a signal to stop, in nanoseconds.
    ///
    /// Within a second the server is to be gone (`shutdown.sigint` of `channels`).
    static let shutdown: Int64 = 500_000_000

    /// How long the listener rests for want of descriptors if no connection ends meanwhile, in
    /// nanoseconds.
    static let rest: Int64 = 500_000_000

    /// Passwords that wait for a thread; a further one is refused.
    ///
    /// Some 20 seconds of work for one thread: who logs in later has given up by then.
    static let passwordQueue = 256

    /// Threads that hash passwords, 64 MiB each; one processor is the loop's.
    static let passwordThreads = max(1, min(4, Processors.count - 1))

    /// Names that wait to be looked up.
    static let lookUpQueue = 1024

    /// Bytes of the log that wait while standard error takes none.
    static let logQueue = 1 << 20

    /// How long after standard error took no more it is tried again, in nanoseconds.
    static let logRetry: Int64 = 100_000_000

    /// How long the last of the log may take to be written when the server ends, in nanoseconds.
    static let logEnd: Int64 = 200_000_000

    /// Bytes of a file that a protocol reads at the start: a million users.
    static let startFile = 64 << 20
}
