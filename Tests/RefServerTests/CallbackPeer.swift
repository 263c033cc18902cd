// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// One end of a connection of `callback` with a real socket.
final class CallbackPeer: LinePeer {
    /// Connects to the server, and logs in if a name is given.
    convenience init(_ server: RunningServer, name: String? = nil, from host: IPAddress? = nil)
        throws
    {
        self.init(try PeerStream(server, from: host))
        guard let name else { return }
        #expect(try ask("/login \(name) pw-\(name)") == "101 Authentication successful")
    }

    /// Listens, asks to be connected to, and gives the connection b.
    func build(on host: IPAddress = .loopback4) throws -> CallbackPeer {
        let listener = try Listener(on: SocketAddress(host, port: 0))
        try send("/port \(listener.localAddress.port)")
        let line = try CallbackPeer.accept(listener)
        #expect(try next() == "201 Build connection successful")
        return line
    }

    /// Takes the next connection; waits for it.
    static func accept(_ listener: Listener) throws -> CallbackPeer {
        var poller = Poller()
        _ = poller.add(listener.descriptor, .readable)
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while MonotonicClock.now < deadline {
            _ = try poller.wait(nanoseconds: RunningServer.patience)
            if case .accepted(let socket, _) = try listener.accept() {
                return CallbackPeer(try PeerStream(socket))
            }
        }
        throw SystemCallError(call: "accept", code: 0)
    }

    func confirm() throws { try send("302 Message receipt successful") }
}
