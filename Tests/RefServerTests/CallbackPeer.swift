// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// One end of a connection of `callback` with a real socket.
final class CallbackPeer {
    let socket: Socket
    private var received: [UInt8] = []

    init(_ socket: Socket) throws {
        self.socket = socket
        try socket.setNoDelay(true)
    }

    /// Connects to the server, and logs in if a name is given.
    convenience init(_ server: RunningServer, name: String? = nil, from host: IPAddress? = nil)
        throws
    {
        let source = host.map { SocketAddress($0, port: 0) }
        try self.init(
            try Socket.connect(
                to: try server.address(), from: source, within: RunningServer.patience))
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
                return try CallbackPeer(socket)
            }
        }
        throw SystemCallError(call: "accept", code: 0)
    }

    func send(_ lines: String...) throws {
        try send(bytes: lines.flatMap { Array(($0 + "\n").utf8) })
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

    func confirm() throws { try send("302 Message receipt successful") }

    /// Sends a line, and gives the next that comes.
    func ask(_ line: String) throws -> String? {
        try send(line)
        return try next()
    }

    /// The next line without its newline; `nil` where the connection ends first.
    func next() throws -> String? {
        while true {
            if let end = received.firstIndex(of: 0x0A) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + 1)
                return line
            }
            guard try readSome() else { return nil }
        }
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
        case .processed(let count): received += buffer[..<count]
        case .wouldBlock: break
        case .endOfStream, .reset: return false
        }
        return true
    }
}
