// SPDX-License-Identifier: Apache-2.0

@testable import ChatProtocols

/// Clients of `hello` by name, in a server without sockets.
struct HelloWorld: LineClients {
    var world: World
    var ids: [String: ConnectionID] = [:]

    /// Users who are logged in under these names.
    init(_ names: String..., capacity: Int = 16) {
        world = World(HelloServer(capacity: capacity))
        for name in names {
            connect(name)
            send(name, "HELLO-FROM \(name)")
            _ = heard(name)
        }
    }

    mutating func send(_ client: String, _ lines: String...) {
        world.receive(lines.flatMap { Array(($0 + "\n").utf8) }, from: id(client))
    }

    mutating func send(_ client: String, bytes: some Sequence<UInt8>) {
        world.receive(bytes, from: id(client))
    }
}
