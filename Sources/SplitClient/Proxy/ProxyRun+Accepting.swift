// SPDX-License-Identifier: Apache-2.0

import Posix

/// How clients come in.
extension ProxyRun {
    private static var rest: Int64 { 100_000_000 }
    /// The lack of descriptors is told no more often than this.
    private static var restReminder: Int64 { 10_000_000_000 }
    /// Accepted in one turn, so that others get theirs.
    private static var accepts: Int { 64 }

    func acceptAll() {
        for _ in 0..<Self.accepts {
            if let wanted = options.connections, accepted >= wanted {
                return poller.setPaused(listenerToken, true)
            }
            guard open.count < mostAtOnce else { return rest(nil) }
            do throws(SystemCallError) {
                switch try listener.accept() {
                case .accepted(let socket, let address): admit(socket, from: address)
                case .wouldBlock: return
                case .aborted: continue
                case .outOfDescriptors: return rest(nil)
                }
            } catch {
                return rest(error)
            }
        }
    }

    /// Leaves who wants to connect in the backlog until a connection ends, or for a while.
    private func rest(_ error: SystemCallError?) {
        poller.setPaused(listenerToken, true)
        let now = MonotonicClock.now
        restsUntil = now + Self.rest
        if let toldOfRest, now - toldOfRest < Self.restReminder { return }
        toldOfRest = now
        if let error { return complain("accepting rests: \(error)") }
        let limit = (try? DescriptorLimits.current().soft).map { "\($0)" } ?? "not known"
        complain(
            "accepting rests: \(open.count) connections are open, each of which takes two open "
                + "files, and the limit for this process is \(limit); raise it (ulimit -n)")
    }

    func endRest() {
        guard restsUntil != nil else { return }
        restsUntil = nil
        poller.setPaused(listenerToken, false)
    }

    private func admit(_ socket: Socket, from address: SocketAddress) {
        accepted += 1
        tally.connections += 1
        // Without it a segment waits for its company.
        try? socket.setNoDelay(true)
        let client = ProxyEnd(socket, poller.add(socket.descriptor, []), address)
        guard let attempt = attempt(from: 0, number: accepted, for: address) else {
            poller.remove(client.token)
            return socket.abort()
        }
        let connection = ProxyConnection(accepted, client, attempt)
        open[accepted] = connection
        own(client.token, .end(connection, .there))
        own(attempt.end.token, .end(connection, .back))
        activate(connection)
    }
}
