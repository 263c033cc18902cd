// SPDX-License-Identifier: Apache-2.0

import JSONText

@testable import ChatProtocols

/// Clients of `json` by name, in a server without sockets.
struct JSONChatWorld {
    var world: World
    private var ids: [String: ConnectionID] = [:]

    /// Clients that have logged in by these names, and have read what they were answered.
    init(_ settings: JSONChatSettings = JSONChatSettings(), _ names: String...) {
        world = World(JSONChatServer(settings))
        for name in names {
            connect(name)
            send(name, "login", name)
        }
        for name in names { _ = heard(name) }
    }

    init(_ server: any ChatServer) { world = World(server) }

    func id(_ client: String) -> ConnectionID {
        ids[client] ?? ConnectionID(slot: 999, generation: 0)
    }

    mutating func connect(_ clients: String...) {
        for client in clients { ids[client] = world.connect() }
    }

    mutating func send(_ client: String, _ request: String, _ content: String? = nil) {
        send(client, bytes: JSONChatWorld.request(request, content))
    }

    @discardableResult
    mutating func send(_ client: String, bytes: some Sequence<UInt8>) -> Int {
        world.receive(bytes, from: id(client))
    }

    mutating func send(_ client: String, text: String) {
        send(client, bytes: text.utf8)
    }

    static func request(_ request: String, _ content: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("request", request)
            object.member("content", content)
        }
        return writer.bytes
    }

    mutating func closeInput(_ client: String) { world.handle(.inputClosed(id(client))) }

    mutating func close(_ client: String) { world.handle(.closed(id(client))) }

    func isClosing(_ client: String) -> Bool { world.closing.contains(id(client)) }

    /// What a client has received since the last time it was asked, without the time stamps:
    /// `sender response content`, a history with its elements between brackets.
    mutating func heard(_ client: String) -> [String] {
        JSONChatWorld.responses(world.take(id(client))).map(JSONChatWorld.short)
    }

    mutating func heardBytes(_ client: String) -> [UInt8] { world.take(id(client)) }

    static func responses(_ bytes: [UInt8]) -> [JSONValue] {
        var reader = JSONReader(limits: JSONLimits(maximumBytes: 1 << 30))
        reader.append(bytes)
        reader.finish()
        var values: [JSONValue] = []
        while case .value(let node) = reader.next() { values.append(node.value) }
        return values
    }

    private static func short(_ response: JSONValue) -> String {
        let sender = response["sender"]?.value.text ?? "?"
        let kind = response["response"]?.value.text ?? "?"
        let content = response["content"]?.value
        if let elements = content?.elements {
            return
                "\(sender) \(kind) [\(elements.map { element($0.value) }.joined(separator: "|"))]"
        }
        return "\(sender) \(kind) \(content?.text ?? "?")"
    }

    private static func element(_ value: JSONValue) -> String {
        guard let bytes = value.bytes else { return "{\(short(value))}" }
        return (try? JSONReader.parse(whole: bytes)).map { short($0.value) } ?? "?"
    }
}
