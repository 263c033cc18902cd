// SPDX-License-Identifier: Apache-2.0

@testable import ChatProtocols

/// Clients of `hello` by name, in a server without sockets.
struct HelloWorld {
    var world: World
    private var ids: [String: ConnectionID] = [:]

    /// Users who are logged in under these names.
    init(_ names: String..., capacity: Int = 16) {
        world = World(HelloServer(capacity: capacity))
        for name in names {
            connect(name)
            send(name, "HELLO-FROM \(name)")
            _ = heard(name)
        }
    }

    func id(_ client: String) -> ConnectionID {
        ids[client] ?? ConnectionID(slot: 999, generation: 0)
    }

    mutating func connect(_ client: String) { ids[client] = world.connect() }

    mutating func send(_ client: String, _ lines: String...) {
        world.receive(lines.flatMap { Array(($0 + "\n").utf8) }, from: id(client))
    }

    mutating func send(_ client: String, bytes: some Sequence<UInt8>) {
        world.receive(bytes, from: id(client))
    }

    mutating func closeInput(_ client: String) { world.handle(.inputClosed(id(client))) }

    mutating func close(_ client: String) { world.handle(.closed(id(client))) }

    func isClosing(_ client: String) -> Bool { world.closing.contains(id(client)) }

    /// The lines that a client has received since the last time it was asked; `…` marks one that
    /// does not end.
    mutating func heard(_ client: String) -> [String] {
        // In bytes: for a String CR and LF together are one character.
        var lines = world.take(id(client)).split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let rest = lines.removeLast()
        return rest.isEmpty ? lines : lines + [rest + "…"]
    }

    /// Sends lines, and answers what the client itself then receives.
    mutating func ask(_ client: String, _ line: String) -> [String] {
        send(client, line)
        return heard(client)
    }
}
