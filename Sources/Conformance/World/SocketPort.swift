// SPDX-License-Identifier: Apache-2.0

import Posix
import Specs

/// A port of the runner's own, to which the server under test may connect.
final class SocketPort {
    private enum Holder {
        case listening(Listener)
        case refusing(ReservedPort)
        /// The backlog is full of connections of our own, so that the kernel answers nobody.
        case swallowing(Listener, [Socket])
        case closed
    }

    /// Keeps the port from our servers, as those are started side by side.
    private let claim: PortClaim
    private var holder: Holder
    /// Connections that wait to be opened by the server.
    var waiting: [SocketLink] = []
    /// The watch of the listener while any of them does.
    var token: Poller.Token?

    var number: UInt16 { claim.port }

    /// Opens a port at `host`, among those that the runner gives to servers as well: so captures
    /// know where its packets pass.
    init(
        at host: IPAddress, _ kind: PortKind, of claims: PortClaims
    ) throws(SystemCallError) {
        var random = SystemRandomNumberGenerator()
        var attempts = 0
        while true {
            let claim = try claims.claim(on: host, using: &random)
            do throws(SystemCallError) {
                holder = try Self.open(SocketAddress(host, port: claim.port), kind)
                self.claim = claim
                return
            } catch {
                // Somebody else was faster.
                attempts += 1
                guard error.code == 98, attempts < 10 else { throw error }
            }
        }
    }

    private static func open(
        _ address: SocketAddress, _ kind: PortKind
    ) throws(SystemCallError) -> Holder {
        switch kind {
        case .listening: return .listening(try Listener(on: address))
        case .refusing: return .refusing(try ReservedPort(on: address))
        case .swallowing:
            let listener = try Listener(on: address, backlog: 0)
            return .swallowing(listener, try fill(listener))
        }
    }

    /// Connects to the port until one of our own connections is answered no more.
    private static func fill(_ listener: Listener) throws(SystemCallError) -> [Socket] {
        var address = listener.localAddress
        if address.host == address.host.everyAddress { address.host = address.host.loopback }
        var fillers: [Socket] = []
        while fillers.count < 8 {
            let socket = try Socket.connecting(to: address)
            fillers.append(socket)
            let deadline = MonotonicClock.deadline(after: 2_000_000)
            guard try socket.waits(for: .writable, until: deadline) else { break }
        }
        return fillers
    }

    /// Where it can be seen that somebody wants to connect; -1 where nobody ever can.
    var descriptor: Int32 {
        switch holder {
        case .listening(let listener): listener.descriptor
        case .refusing, .swallowing, .closed: -1
        }
    }

    /// The next connection that waits; `nil` where there is none.
    func accept() throws(SystemCallError) -> (socket: Socket, from: SocketAddress)? {
        guard case .listening(let listener) = holder else { return nil }
        switch try listener.accept() {
        case .accepted(let socket, let address): return (socket, address)
        case .wouldBlock, .aborted: return nil
        case .outOfDescriptors: throw SystemCallError(call: "accept4", code: 24)
        }
    }

    /// Whether somebody waits to be accepted.
    var hasWaiting: Bool {
        switch holder {
        case .listening(let listener): (try? listener.hasWaiting()) ?? false
        case .refusing, .swallowing, .closed: false
        }
    }

    func close() {
        switch holder {
        case .listening(let listener): listener.close()
        case .refusing(let port): port.close()
        case .swallowing(let listener, let fillers):
            for socket in fillers { socket.abort() }
            listener.close()
        case .closed: break
        }
        holder = .closed
    }
}

extension IPAddress {
    /// This machine, by the same family.
    fileprivate var loopback: IPAddress {
        switch self {
        case .v4: .loopback4
        case .v6: .loopback6
        }
    }
}
