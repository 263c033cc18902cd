// SPDX-License-Identifier: Apache-2.0

import Posix

/// How the server is reached, one address after the other.
extension ProxyRun {
    /// How long the server's machine may take to answer.
    private static var connectLimit: Int64 { 10_000_000_000 }

    /// Begins to connect to the first of the server's addresses, from one on, that refuses not at
    /// once.
    func attempt(
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
}
