// SPDX-License-Identifier: Apache-2.0

@testable import ChatProtocols

/// A frame as a client writes it.
func frame(_ text: String) -> [UInt8] { frame(Array(text.utf8)) }

func frame(_ bytes: [UInt8]) -> [UInt8] {
    bytes + Array(repeating: 0x20, count: max(0, 200 - bytes.count))
}

/// The frames in a client's input, each without its padding; the last one shows a wrong length.
func texts(_ bytes: [UInt8]) -> [String] {
    stride(from: 0, to: bytes.count, by: 200).map { start in
        let frame = bytes[start..<min(start + 200, bytes.count)]
        let text = frame.prefix(
            (frame.lastIndex { $0 != 0x20 } ?? frame.startIndex - 1) + 1 - start
        )
        let mark = frame.count == 200 ? "" : " (\(frame.count) bytes)"
        return String(decoding: text, as: UTF8.self) + mark
    }
}

/// Clients of `padded` by name, in a server without sockets.
struct PaddedWorld: NamedClients {
    var world = World(PaddedServer())
    var ids: [String: ConnectionID] = [:]

    init(_ names: String...) {
        for name in names { connect(name, named: name) }
    }

    init(fault: Fault) {
        world = World(fault.makeServer())
    }

    mutating func connect(_ client: String, named name: String? = nil) {
        ids[client] = world.connect()
        if let name { send(client, name) }
    }

    mutating func send(_ client: String, _ messages: String...) {
        world.receive(messages.flatMap { frame($0) }, from: id(client))
    }

    mutating func send(_ client: String, bytes: [UInt8]) {
        world.receive(bytes, from: id(client))
    }

    /// What a client has received since the last time it was asked.
    mutating func heard(_ client: String) -> [String] { texts(world.take(id(client))) }
}
