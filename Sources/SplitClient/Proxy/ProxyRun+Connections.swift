// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// How connections begin and end.
extension ProxyRun {
    /// How long the server's machine may take to answer.
    private static var connectLimit: Int64 { 10_000_000_000 }
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

    /// Begins to connect to the first of the server's addresses, from one on, that refuses not at
    /// once.
    private func attempt(
        from first: Int, number: Int, for client: SocketAddress
    ) -> ProxyConnection.ConnectAttempt? {
        var failure: SystemCallError?
        for address in addresses.indices.dropFirst(first) {
            do throws(SystemCallError) {
                let socket = try connecting(to: addresses[address], for: client)
                let token = poller.add(socket.descriptor, .writable)
                let end = ProxyEnd(socket, token, addresses[address])
                end.interest = .writable
                return ProxyConnection.ConnectAttempt(
                    end: end, address: address,
                    deadline: MonotonicClock.deadline(after: Self.connectLimit))
            } catch {
                failure = error
            }
        }
        unreached(number, failure)
        return nil
    }

    /// A server on this machine sees the address of a client on this machine, as it may connect
    /// back to it; any other one sees the proxy's.
    private func connecting(
        to server: SocketAddress, for client: SocketAddress
    ) throws(SystemCallError) -> Socket {
        guard client.host.isLoopback4, server.host.isLoopback4 else {
            return try Socket.connecting(to: server)
        }
        return try Socket.connecting(to: server, from: SocketAddress(client.host, port: 0))
    }

    private func unreached(_ number: Int, _ error: SystemCallError?) {
        tally.unreached += 1
        let reason = error?.reason ?? "it does not answer"
        complain(
            "connection \(number) is reset: cannot connect to "
                + "\(ServerConnection.shown(options.server)): \(reason)")
    }

    // MARK: Connecting

    /// Sees what became of an attempt to connect.
    func settle(
        _ connection: ProxyConnection, _ attempt: ProxyConnection.ConnectAttempt
    ) throws(SystemCallError) {
        switch attempt.end.socket.connectionResult() {
        case .pending: break
        case .connected: try relay(connection, attempt.end)
        case .failed(let error) where error.isReset:
            // It was connected, and what it said before the reset can still be read.
            attempt.end.isReset = true
            try relay(connection, attempt.end)
        case .failed(let error): tryNext(connection, attempt, error)
        }
    }

    func advance(
        _ connection: ProxyConnection, _ attempt: ProxyConnection.ConnectAttempt, _ now: Int64
    ) throws(SystemCallError) -> ProxyWaits {
        var waits = ProxyWaits()
        if connection.client.isHungUp, !connection.client.isPaused {
            connection.client.isPaused = true
            poller.setPaused(connection.client.token, true)
        }
        if now < attempt.deadline {
            waits.at(attempt.deadline)
            activate(connection)
        } else {
            tryNext(connection, attempt, nil)
        }
        return waits
    }

    private func tryNext(
        _ connection: ProxyConnection, _ attempt: ProxyConnection.ConnectAttempt,
        _ error: SystemCallError?
    ) {
        poller.remove(attempt.end.token)
        attempt.end.socket.close()
        guard attempt.address + 1 < addresses.count else {
            unreached(connection.number, error)
            return abandon(connection)
        }
        let next = self.attempt(
            from: attempt.address + 1, number: connection.number, for: connection.client.address)
        guard let next else { return abandon(connection) }
        connection.state = .connecting(next)
        own(next.end.token, .end(connection, .back))
    }

    /// The client of a server that cannot be reached is reset.
    private func abandon(_ connection: ProxyConnection) {
        connection.state = .over(.reset)
        open[connection.number] = nil
        poller.remove(connection.client.token)
        connection.client.socket.abort()
        finishLog(of: connection)
        endRest()
    }

    private func relay(
        _ connection: ProxyConnection, _ server: ProxyEnd
    ) throws(SystemCallError) {
        try? server.socket.setNoDelay(true)
        let client = connection.client
        let there = try direction(.there, connection.number, from: client, to: server)
        let back = try direction(.back, connection.number, from: server, to: client)
        connection.state = .relaying(server: server, there: there, back: back)
    }

    private func direction(
        _ route: ProxyRoute, _ number: Int, from source: ProxyEnd, to target: ProxyEnd
    ) throws(SystemCallError) -> ProxyDirection {
        let replayed = replay?[number, route]
        let input = RouteInput(
            delay: options[route].delay, injection: replayed?.injection ?? options[route].injection,
            now: MonotonicClock.now)
        let queue = RouteQueue.queue(route, number, options, replayed, isReplay: replay != nil)
        let writer: any StreamWriter
        if let queue {
            writer = CutWriter(
                target.socket, ours: try target.socket.localAddress(), theirs: target.address,
                queue, pace: options.pace, watch: TakenWatch(sharing: watch))
        } else {
            writer = StraightWriter(target.socket)
        }
        return ProxyDirection(
            route, from: source, to: target, writer, input: input, flush: options.flush)
    }

    // MARK: Ending

    /// Something failed on this connection that is no reset, such as a network that is down.
    func drop(_ connection: ProxyConnection, _ error: SystemCallError) {
        if case .over = connection.state { return }
        complain("connection \(connection.number) is reset: \(error)")
        end(connection, .reset)
    }

    /// Closes both sides; `nil` where the proxy itself ends.
    func end(_ connection: ProxyConnection, _ ending: ProxyConnection.Ending?) {
        var ends = [connection.client]
        switch connection.state {
        case .connecting(let attempt): ends.append(attempt.end)
        case .relaying(let server, let there, let back):
            ends.append(server)
            for direction in [there, back] { close(direction, of: connection) }
        case .over: return
        }
        if ending == .reset { tally.resets += 1 }
        connection.state = .over(ending ?? .inOrder)
        open[connection.number] = nil
        for end in ends {
            poller.remove(end.token)
            if ending == .reset { end.socket.abort() } else { end.socket.close() }
        }
        finishLog(of: connection)
        endRest()
    }

    private func close(_ direction: ProxyDirection, of connection: ProxyConnection) {
        let record = direction.takeRecord()
        tally[direction.route] += direction.tally
        keepingLog { log throws(FileError) in
            try log.add(record, direction.route, to: &connection.log)
            if let (kind, offset) = direction.end {
                try log.add(kind, offset, direction.route, to: &connection.log)
            }
        }
    }

    private func finishLog(of connection: ProxyConnection) {
        keepingLog { log throws(FileError) in try log.finish(connection.log) }
    }
}
