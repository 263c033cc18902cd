// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// Connecting to a server that was named on the command line.
enum ServerConnection {
    struct Failure: Error {
        var reason: String
    }

    /// How long one address may take to answer.
    private static let limit: Int64 = 10_000_000_000

    /// Tries every address of the name in turn; what the last one says counts.
    static func connect(to server: HostAndPort) throws(Failure) -> Socket {
        var reason = "it has no address"
        do throws(ResolutionError) {
            for address in try Resolver.resolve(host: server.host, port: server.port) {
                do throws(SystemCallError) {
                    return try connect(to: address)
                } catch {
                    reason = error.reason + (address.host.lackOfScope.map { "; \($0)" } ?? "")
                }
            }
        } catch {
            reason = error.reason
        }
        throw Failure(reason: reason)
    }

    static func connect(to address: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket.connect(to: address, within: limit)
        try socket.setNoDelay(true)
        return socket
    }

    /// The host is the user's text: no control character of it reaches a terminal.
    static func shown(_ server: HostAndPort) -> String {
        ByteEscaping.escape(server.description.utf8)
    }
}
