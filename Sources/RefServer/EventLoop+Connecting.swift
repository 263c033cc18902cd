// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

/// A connection that the server is making.
struct ConnectAttempt {
    let ticket: ConnectTicket
    let socket: Socket
    let address: SocketAddress
    let token: Poller.Token
}

/// Connections that the machine asks for; it alone knows how long it waits for them.
extension EventLoop {
    func connect(_ ticket: ConnectTicket, _ target: ConnectTarget) {
        guard case .serving = state, let host = host(target.host) else {
            failedAttempts.append(ticket)
            return
        }
        let address = SocketAddress(host, port: target.port)
        do {
            let socket = try Socket.connecting(to: address, from: source(for: target.host))
            let token = poller.add(socket.descriptor, .writable)
            attempts[token.index] = ConnectAttempt(
                ticket: ticket, socket: socket, address: address, token: token)
            attemptPlaces[ticket] = token.index
        } catch {
            log.write(.info, "\(address) cannot be connected to: \(error.reason)")
            failedAttempts.append(ticket)
        }
    }

    private func host(_ host: ConnectTarget.Host) -> IPAddress? {
        switch host {
        case .ofClient(let client): connection(client)?.address.host
        case .own: listener.localAddress.host
        case .address(let text): IPAddress(parsing: String(decoding: text, as: UTF8.self))
        }
    }

    /// Peers know us by the address that we listen on.
    private func source(for host: ConnectTarget.Host) -> SocketAddress? {
        switch host {
        case .address: SocketAddress(listener.localAddress.host, port: 0)
        case .ofClient, .own: nil
        }
    }

    func cancelConnect(_ ticket: ConnectTicket) {
        failedAttempts.removeAll { $0 == ticket }
        guard let place = attemptPlaces[ticket], let attempt = attempts[place] else { return }
        log.write(.info, "\(attempt.address) is not waited for any more")
        end(attempt)
        attempt.socket.close()
    }

    /// Looks how far an attempt has come.
    func proceed(_ attempt: ConnectAttempt) {
        switch attempt.socket.connectionResult() {
        case .pending:
            return
        case .failed(let error):
            log.write(.info, "\(attempt.address) cannot be connected to: \(error.reason)")
            end(attempt)
            attempt.socket.close()
            failedAttempts.append(attempt.ticket)
        case .connected:
            log.write(.info, "\(attempt.address) connected to")
            forget(attempt)
            poller.update(attempt.token, .readable)
            let connection = enter(
                attempt.socket, attempt.token, attempt.address, isOutgoing: true)
            server.handle(.connectedOut(attempt.ticket, connection.id), into: &effects)
            performEffects()
        }
        closeDoomed()
    }

    func tellFailedAttempts() {
        while let ticket = failedAttempts.popLast() {
            server.handle(.refused(ticket), into: &effects)
            performEffects()
            closeDoomed()
        }
    }

    private func end(_ attempt: ConnectAttempt) {
        poller.remove(attempt.token)
        forget(attempt)
    }

    private func forget(_ attempt: ConnectAttempt) {
        attempts[attempt.token.index] = nil
        attemptPlaces[attempt.ticket] = nil
    }
}
