// SPDX-License-Identifier: Apache-2.0

import JSONText

@testable import ChatProtocols

/// Clients of `json` by name, in a server without sockets.
struct JSONChatWorld: NamedClients {
    var world: World
    var ids: [String: ConnectionID] = [:]

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

    /// What a client has received since the last time it was asked, without the time stamps:
    /// `sender response content`, a history with its elements between brackets.
    mutating func heard(_ client: String) -> [String] {
        JSONChatWorld.responses(world.take(id(client))).map(JSONChatWorld.short)
    }

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
