// SPDX-License-Identifier: Apache-2.0

import Posix

/// A server that somebody else runs (`--target`), as it was named and where it was found.
struct Target: Hashable, Sendable {
    let name: HostAndPort
    let address: SocketAddress

    /// Finds the server: looks its name up once and takes the first address that accepts.
    ///
    /// Opens one connection and closes it, within so many nanoseconds for each address.
    static func find(_ name: HostAndPort, within nanoseconds: Int64) throws(Unreachable) -> Target {
        let addresses: [SocketAddress]
        do {
            addresses = try Resolver.resolve(host: name.host, port: name.port)
        } catch {
            throw Unreachable(name: name, reason: error.description)
        }
        var reasons: [String] = []
        for address in addresses {
            do {
                let socket = try Socket.connect(to: address, within: nanoseconds)
                defer { socket.close() }
                // 0.0.0.0 is answered by 127.0.0.1, by which packets and sockets go.
                let reached = try? socket.remoteAddress().unmapped
                return Target(name: name, address: reached ?? address)
            } catch {
                let place = address.description == name.description ? "" : " at \(address)"
                let lack = address.host.lackOfScope.map { "; \($0)" } ?? ""
                reasons.append("\(error.reason)\(place)\(lack)")
            }
        }
        throw Unreachable(name: name, reason: reasons.joined(separator: "; "))
    }
}

/// Nobody is there.
struct Unreachable: Error, Hashable, Sendable, CustomStringConvertible {
    let name: HostAndPort
    let reason: String

    var description: String { "no server can be reached at \(name): \(reason)" }
}
