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
    }

    /// Ends all connections in order, so that the next scenario finds a server at rest.
    ///
    /// Half-closes each and reads to the server's end, all at the same time, for at most so many
    /// nanoseconds.
    func takeLeave(within nanoseconds: Int64) throws(SystemCallError) {
        let deadline = MonotonicClock.deadline(after: nanoseconds)
        for link in links { beginLeaving(link) }
        while links.contains(where: { $0.isOpen }), !setting.interruption.isRequested {
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
        setting.loop.forget(token)
        link.outgoing.removeAll()
        shutDown(link, socket)
        let leaving = setting.loop.watch(socket.descriptor, .readable) { [weak self, weak link] _ in
            guard let self, let link, self.readAway(socket, atMost: 65_536) else { return }
            self.close(link)
        }
        link.phase = .open(socket, leaving)
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

    /// After a scenario that did not go as planned: waits a moment for the end of a server whose
    /// connections have ended, since the kernel closes those before it reports the process's end.
    func awaitServerEnd(within nanoseconds: Int64 = 20_000_000) throws(SystemCallError) {
        let deadline = MonotonicClock.deadline(after: nanoseconds)
        guard let server, links.contains(where: { $0.hasEnded }), interpreter.hasDeparted else {
            return
        }
        while server.termination == nil {
            let left = deadline - MonotonicClock.now
            guard left > 0 else { return }
            try setting.loop.turn(nanoseconds: left)
        }
        tellServerEnd()
    }
}

extension Interpreter {
    /// Whether a step did not go as planned.
    var hasDeparted: Bool {
        transcript.entries.contains { entry in
            if case .finished(_, let outcome) = entry.event { outcome != .held } else { false }
        }
    }
}
