// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What to be told about a descriptor.
///
/// Errors and hang-ups are reported whatever is asked for.
@frozen
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: Int16

    @inlinable
    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    package static let readable = Interest(rawValue: Int16(POLLIN))
    package static let writable = Interest(rawValue: Int16(POLLOUT))
    /// That the peer has finished sending, whatever there still is to read (`POLLRDHUP`).
    package static let peerFinished = Interest(rawValue: peerFinishedBit)
}

/// What `poll` said about one descriptor: you may try.
///
/// A hint: the call may still find that it would block.
package struct Readiness: Hashable, Sendable {
    /// Which registration; never one that was removed before the wait.
    package let token: Poller.Token
    let events: Int16

    /// Reading gets bytes, the end of the stream, or the error.
    package var isReadable: Bool { events & Int16(POLLIN | POLLHUP | POLLERR) != 0 }
    /// Writing gets rid of bytes, or gets the error.
    package var isWritable: Bool { events & Int16(POLLOUT | POLLERR) != 0 }
    /// Both directions are finished, or the connection was reset: whoever is not interested in
    /// reading must still take notice, as it will be reported for ever.
    package var isHangUp: Bool { events & Int16(POLLHUP | POLLERR) != 0 }
    /// The connection has failed, or was reset, and no call has told so yet.
    package var isFailed: Bool { events & Int16(POLLERR) != 0 }
    /// The peer has finished sending, and all that it sent is here; told only if asked for.
    package var isPeerFinished: Bool { events & peerFinishedBit != 0 }
    /// The descriptor is not open: a mistake of ours.
    package var isInvalid: Bool { events & Int16(POLLNVAL) != 0 }
}

/// `POLLRDHUP` of Linux, which Swift's Glibc module lacks.
private let peerFinishedBit: Int16 = 0x2000
