// SPDX-License-Identifier: Apache-2.0

import JSONText
import Posix
import Testing

/// A client of `json` with a real socket.
final class JSONPeer {
    let socket: Socket
    private var reader = JSONReader(limits: JSONLimits(maximumBytes: 1 << 30))

    /// Connects, and logs in if a name is given.
    init(_ server: RunningServer, name: String? = nil) throws {
        socket = try Socket.connect(to: try server.address(), within: RunningServer.patience)
        try socket.setNoDelay(true)
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

    func send(bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch try socket.send(Array(rest)) {
            case .processed(let count): rest = rest.dropFirst(count)
            case .wouldBlock: try #require(try socket.waits(for: .writable, until: deadline))
            case .endOfStream, .reset:
                Issue.record("the server has closed")
                return
            }
        }
    }

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

    private var deadline: Int64 { MonotonicClock.deadline(after: RunningServer.patience) }

    /// Whether something may still come.
    private func readSome() throws -> Bool {
        guard try socket.waits(for: .readable, until: deadline) else {
            Issue.record("nothing came")
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        switch try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }) {
        case .processed(let count): reader.append(buffer[..<count])
        case .wouldBlock: break
        case .endOfStream, .reset: return false
        }
        return true
    }
}
