// SPDX-License-Identifier: Apache-2.0

import Posix

/// One end of a proxied connection: a client's, or the server's.
final class ProxyEnd {
    let socket: Socket
    let token: Poller.Token
    /// The other end of its connection.
    let address: SocketAddress
    /// Both directions have ended, or it was reset: the poller would report it for ever, so it is
    /// paused, and read when there is room for what still comes.
    var isHungUp = false
    /// It was reset: the end of what can still be read is no end in order.
    var isReset = false
    /// When that was seen before it was read; 0 where it was not.
    var failedAt: Int64 = 0
    /// Nothing comes from it any more.
    var hasEnded = false
    /// We have ended our direction to it.
    var isShut = false
    /// What the poller was last told to look for.
    var interest: Interest = []
    var isPaused = false

    init(_ socket: Socket, _ token: Poller.Token, _ address: SocketAddress) {
        self.socket = socket
        self.token = token
        self.address = address
    }

    func noticeHangUp(_ readiness: Readiness) {
        isHungUp = true
        guard readiness.isFailed, !isReset else { return }
        isReset = true
        failedAt = MonotonicClock.now
    }
}

/// What a direction, or all of them, wait for beside their sockets.
struct ProxyWaits {
    /// Nothing announces it: look again in a moment.
    var looks = false
    /// The first moment at which there is something to do.
    var moment = Int64.max
    /// Something has been done.
    var hasMoved = false

    mutating func at(_ moment: Int64) { self.moment = min(self.moment, moment) }

    mutating func merge(_ other: ProxyWaits) {
        looks = looks || other.looks
        hasMoved = hasMoved || other.hasMoved
        at(other.moment)
    }
}
