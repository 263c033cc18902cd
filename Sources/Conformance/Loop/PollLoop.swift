// SPDX-License-Identifier: Apache-2.0

import Posix

/// The descriptors that a run waits for, each with who is told.
///
/// One thread does everything: the connections of the scenario that runs, the outputs of its
/// server and of the one started ahead, the ends of both, and the signals.
final class PollLoop {
    typealias Handler = (Readiness) -> Void

    private var poller = EventPoller()
    /// By token.
    private var handlers: [Handler?] = []
    private var turns: UInt64 = 0

    /// Tells `handler` of the descriptor's readiness, until `forget`.
    ///
    /// The handler may watch, update and forget. One that turns the loop itself (a server that is
    /// started again is waited for) ends the turn in which it was told.
    func watch(
        _ descriptor: Int32, _ interest: Interest, _ handler: @escaping Handler
    ) -> Poller.Token {
        let token = poller.add(descriptor, interest)
        while handlers.count <= token.index { handlers.append(nil) }
        handlers[token.index] = handler
        return token
    }

    /// Changes what is told; with `nil` nothing is, not even the descriptor's end.
    func update(_ token: Poller.Token, _ interest: Interest?) {
        poller.update(token, interest)
    }

    /// Has somebody else told from now on, of something else perhaps.
    func hand(_ token: Poller.Token, _ interest: Interest, to handler: @escaping Handler) {
        poller.update(token, interest)
        handlers[token.index] = handler
    }

    /// To be called before the descriptor is closed.
    func forget(_ token: Poller.Token) {
        poller.remove(token)
        handlers[token.index] = nil
    }

    /// Waits until a descriptor is ready, at most so many nanoseconds, and tells whom it concerns.
    ///
    /// Returns whether one was.
    @discardableResult
    func turn(nanoseconds: Int64?) throws(SystemCallError) -> Bool {
        let count = try poller.wait(nanoseconds: nanoseconds)
        turns &+= 1
        let turn = turns
        // After a turn within this one its results are gone, and tokens may mean others; what is
        // still ready comes again with the next.
        for index in 0..<count where turn == turns {
            let readiness = poller.ready(index)
            // One that an earlier handler of this turn has forgotten has none.
            handlers[readiness.token.index]?(readiness)
        }
        return count > 0
    }
}
