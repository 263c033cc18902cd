// SPDX-License-Identifier: Apache-2.0

import Posix

/// One client, the server's connection that belongs to it, and what flows between them.
///
///     connecting ──▶ relaying ──▶ over (in order, or by a reset)
///          └──────────────────────▶ over
///
/// Rules:
/// - A direction's end goes on to its target when all that came before it has: the end of the other
///   direction is its own business.
/// - A reset of either side is the end of both: what came before it still gets to the other side.
/// - A target that was reset while bytes were on their way to it may have said something before:
///   that still gets to the other side, then the reset does.
/// - Who polls closes the sockets, as they have to leave the poller before.
final class ProxyConnection {
    enum State {
        case connecting(ConnectAttempt)
        case relaying(server: ProxyEnd, there: ProxyDirection, back: ProxyDirection)
        case over(Ending)
    }

    enum Ending: Equatable {
        case inOrder
        /// Both sides are to see a reset.
        case reset
    }

    /// How far the way to the server is known.
    struct ConnectAttempt {
        var end: ProxyEnd
        /// Which of the server's addresses.
        var address: Int
        /// When to give it up.
        var deadline: Int64
    }

    /// From 1, in the order in which clients came.
    let number: Int
    let client: ProxyEnd
    var state: State
    var log: ConnectionLog
    /// Whether it is on the list of those to be looked at.
    var isActive = false

    init(_ number: Int, _ client: ProxyEnd, _ attempt: ConnectAttempt) {
        self.number = number
        self.client = client
        state = .connecting(attempt)
        log = ConnectionLog(number)
    }

    // MARK: What the poller says

    func serve(
        _ side: ProxyRoute, _ readiness: Readiness, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemCallError) {
        guard case .relaying(let server, let there, let back) = state else {
            if readiness.isHangUp { client.noticeHangUp(readiness) }
            return
        }
        let (end, direction) = side == .there ? (client, there) : (server, back)
        if readiness.isReadable, direction.wantsInput {
            try direction.read(buffer)
        } else if readiness.isHangUp {
            end.noticeHangUp(readiness)
        }
    }

    // MARK: What can be done now

    /// Does what can be done; how it ends is for the caller to see to.
    func advance(
        _ now: Int64, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemCallError) -> (waits: ProxyWaits, ending: Ending?) {
        guard case .relaying(let server, let there, let back) = state else {
            return (ProxyWaits(), nil)
        }
        var waits = try there.advance(now, buffer)
        waits.merge(try back.advance(now, buffer))
        if there.phase == .broken { back.expectReset() }
        if back.phase == .broken { there.expectReset() }
        if isResetThrough(client, there) || isResetThrough(server, back) { return (waits, .reset) }
        try passOnEnd(of: there, to: server)
        try passOnEnd(of: back, to: client)
        let isThrough = there.phase == .finished && back.phase == .finished
        return (waits, isThrough && client.hasEnded && server.hasEnded ? .inOrder : nil)
    }

    /// Whether all has left that came before a reset.
    private func isResetThrough(_ source: ProxyEnd, _ direction: ProxyDirection) -> Bool {
        guard source.isReset || direction.end?.kind.isReset == true else { return false }
        switch direction.phase {
        case .finished, .broken: return true
        case .flowing, .draining: return false
        }
    }

    private func passOnEnd(
        of direction: ProxyDirection, to target: ProxyEnd
    ) throws(SystemCallError) {
        guard direction.phase == .finished, !target.isShut else { return }
        target.isShut = true
        try target.socket.shutdownWrite()
    }
}
