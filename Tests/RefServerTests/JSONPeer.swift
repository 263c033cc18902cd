// SPDX-License-Identifier: Apache-2.0

import JSONText
import Posix
import Testing

/// A client of `json` with a real socket.
final class JSONPeer {
    var socket: Socket { stream.socket }
    private let stream: PeerStream
    private var reader = JSONReader(limits: JSONLimits(maximumBytes: 1 << 30))

    /// Connects, and logs in if a name is given.
    init(_ server: RunningServer, name: String? = nil) throws {
        stream = try PeerStream(server)
        guard let name else { return }
        try send("login", name)
        #expect(try next() == "server info You are logged in as \(name).")
    }

    func send(_ request: String, _ content: String? = nil) throws {
        var writer = JSONWriter()
        writer.object { object in
            object.member("request", request)
            object.member("content", content)
        }
        try send(bytes: writer.bytes)
    }

    func send(bytes: [UInt8]) throws { try stream.send(bytes) }

    /// The next response as `sender response content`, elements of a history between bars; `nil`
    /// where the connection ends first.
    func next() throws -> String? {
        while true {
            if case .value(let node) = reader.next() { return short(node.value) }
            guard try readSome() else { return nil }
        }
    }

    /// The timestamp of the answer to `help`.
    func timestamp() throws -> String? {
        try send("help")
        while true {
            if case .value(let node) = reader.next() { return node["timestamp"]?.value.text }
            guard try readSome() else { return nil }
        }
    }

    private func short(_ response: JSONValue) -> String {
        let head = ["sender", "response"].map { response[$0]?.value.text ?? "?" }
        let content = response["content"]?.value
        let texts = content?.elements.map { elements in
            elements.map { element in
                let inner = try? JSONReader.parse(whole: element.value.bytes ?? [])
                return inner?["content"]?.value.text ?? "?"
            }
            .joined(separator: "|")
        }
        return (head + [texts ?? content?.text ?? "?"]).joined(separator: " ")
    }

    /// Whether something may still come.
    private func readSome() throws -> Bool {
        guard let bytes = try stream.readInTime() else { return false }
        reader.append(bytes[...])
        return true
    }
}
