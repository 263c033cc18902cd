// SPDX-License-Identifier: Apache-2.0

import ChatProtocols

/// Clients by name, in a server without sockets: what the worlds of all protocols have.
protocol NamedClients {
    var world: World { get set }
    var ids: [String: ConnectionID] { get set }
}

extension NamedClients {
    /// Of a name that nobody has, a connection that there is not.
    func id(_ client: String) -> ConnectionID {
        ids[client] ?? ConnectionID(slot: 999, generation: 0)
    }

    mutating func connect(_ clients: String...) {
        for client in clients { ids[client] = world.connect() }
    }

    mutating func closeInput(_ client: String) { world.handle(.inputClosed(id(client))) }

    mutating func close(_ client: String) { world.handle(.closed(id(client))) }

    func isClosing(_ client: String) -> Bool { world.closing.contains(id(client)) }

    mutating func heardBytes(_ client: String) -> [UInt8] { world.take(id(client)) }
}

/// Those whose messages are lines.
protocol LineClients: NamedClients {
    mutating func send(_ client: String, _ lines: String...)

    /// The lines that a client has received since the last time it was asked.
    mutating func heard(_ client: String) -> [String]
}

extension LineClients {
    /// `…` marks a line that does not end.
    mutating func heard(_ client: String) -> [String] {
        // In bytes: for a String CR and LF together are one character.
        var lines = world.take(id(client)).split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let rest = lines.removeLast()
        return rest.isEmpty ? lines : lines + [rest + "…"]
    }

    /// Sends a line, and gives what the client itself then receives.
    mutating func ask(_ client: String, _ line: String) -> [String] {
        send(client, line)
        return heard(client)
    }
}
