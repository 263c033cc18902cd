// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// A client of `channels` with a real socket.
final class ChannelsPeer {
    let socket: Socket
    private var received: [UInt8] = []

    init(_ socket: Socket) throws {
        self.socket = socket
        try socket.setNoDelay(true)
    }

    /// Connects, and registers and logs in if a name is given.
    convenience init(
        _ server: RunningServer,
        name: String? = nil,
        receiveBuffer: Int32? = nil
    ) throws {
        try self.init(
            try Socket.connect(
                to: try server.address(),
                receiveBuffer: receiveBuffer,
                within: RunningServer.patience
            )
        )
        guard let name else { return }
        _ = try ask("REGISTER \(name) pw-\(name)")
        #expect(try ask("LOGIN \(name) pw-\(name)") == "RESULT LOGIN 1")
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

    /// Sends a line, and gives the next that comes.
    func ask(_ line: String) throws -> String? {
        try send(line)
        return try next()
    }

    /// The next line; `nil` where the connection ends first.
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

    private func readSome() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            switch try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }) {
            case .processed(let count):
                received += buffer[..<count]
                return true
            case .wouldBlock:
                try #require(try socket.waits(for: .readable, until: deadline))
            case .endOfStream, .reset:
                return false
            }
        }
    }

    private var deadline: Int64 { MonotonicClock.deadline(after: RunningServer.patience) }
}
