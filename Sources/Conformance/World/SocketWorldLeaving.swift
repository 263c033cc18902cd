// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// What becomes of the connections when the steps have ended.
extension SocketWorld {
    /// Ends all connections at once; for a server that nobody uses after this.
    ///
    /// With resets, as then neither side's port is remembered (TIME-WAIT).
    func abandon() {
        for link in links { reset(link) }
        closePorts()
    }

    /// Ends all connections in order, so that the next scenario finds a server at rest.
    ///
    /// Half-closes each and reads to the server's end, all at the same time, for at most so many
    /// nanoseconds; `meanwhile` is done while the server works on that.
    func takeLeave(
        within nanoseconds: Int64, meanwhile: () -> Void = {}
    ) throws(SystemCallError) {
        for link in links { beginLeaving(link) }
        meanwhile()
        let deadline = MonotonicClock.deadline(after: nanoseconds)
        // One that the server has opened is closed with the others: it may be looked at only when
        // there is something to say.
        while links.contains(where: { $0.isOpen && !$0.isAccepted }),
            !setting.interruption.isRequested
        {
            let left = deadline - MonotonicClock.now
            guard left > 0, server?.termination == nil else { break }
            try setting.loop.turn(nanoseconds: left)
        }
        for link in links { close(link) }
    }

    /// From here on what comes is read and thrown away, and the server's end closes ours.
    private func beginLeaving(_ link: SocketLink) {
        guard case .open(let socket, let token) = link.phase, !link.hasEnded else {
            return close(link)
        }
        link.outgoing.removeAll()
        shutDown(link, socket)
        setting.loop.hand(token, .readable) { [weak self, weak link] _ in
            guard let self, let link, self.readAway(socket, atMost: 65_536) else { return }
            self.close(link)
        }
    }

    /// Reads and forgets what is there; `true` when the server's direction has ended.
    @discardableResult
    func readAway(_ socket: Socket, atMost limit: Int) -> Bool {
        var left = limit
        while left > 0 {
            switch try? socket.receive(into: buffer) {
            case .processed(let count): left -= count
            case .wouldBlock: return false
            case .endOfStream, .reset, nil: return true
            }
        }
        return false
    }

    /// Tells the end of a server that what the scenario sent has ended, also after its last step.
    ///
    /// The kernel closes a dying process's connections first, then its listener, and reports its
    /// end last: a server that may be between two of these is waited for a moment.
    ///
    /// `patience` is by how much the moment is longer than usual.
    func awaitServerEnd(patience: Int64 = 1) throws(SystemCallError) {
        for server in servers { try awaitEnd(of: server, patience) }
        tellServerEnd()
    }

    private func awaitEnd(of server: LaunchedServer, _ patience: Int64) throws(SystemCallError) {
        let began = MonotonicClock.now
        server.noteEnd()
        while server.termination == nil, !setting.interruption.isRequested {
            let limit = signOfEnd(server).moment * patience
            guard MonotonicClock.now - began < limit else { return }
            try setting.loop.turn(nanoseconds: min(limit, 1_000_000))
        }
    }

    /// Whether a step did not go as planned, and nothing listens where the first server was.
    var hasFoundNobody: Bool {
        interpreter.hasDeparted && setting.watch.listener(at: address) == .notListening
    }

    private func signOfEnd(_ server: LaunchedServer) -> SignOfEnd {
        if setting.watch.listener(at: server.address) == .notListening { return .listensNoMore }
        return links.contains { $0.hasEnded } && interpreter.hasDeparted ? .hasHungUp : .none
    }
}

/// What speaks for a server's process being about to end.
private enum SignOfEnd {
    case none
    /// It ended a connection where it should have answered.
    case hasHungUp
    case listensNoMore

    /// How long the end of the process is waited for, in nanoseconds.
    var moment: Int64 {
        switch self {
        case .none: 0
        case .hasHungUp: 20_000_000
        case .listensNoMore: 200_000_000
        }
    }
}

extension Interpreter {
    /// Whether a step did not go as planned.
    fileprivate var hasDeparted: Bool {
        transcript.entries.contains { entry in
            if case .finished(_, let outcome) = entry.event { outcome != .held } else { false }
        }
    }
}
