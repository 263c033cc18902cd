// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// A client of `padded` with a real socket.
final class Peer {
    enum End: Equatable {
        case endOfStream, reset, nothing
    }

    let socket: Socket
    /// Which ends when nobody refers to it.
    private let server: RunningServer
    private var received: [UInt8] = []

    init(_ server: RunningServer, name: String? = nil, receiveBuffer: Int32? = nil) throws {
        self.server = server
        socket = try Socket.connect(
            to: try server.address(),
            receiveBuffer: receiveBuffer,
            within: RunningServer.patience
        )
        try socket.setNoDelay(true)
        if let name { try send(name) }
    }

    static func frame(_ text: String) -> [UInt8] {
        Array(text.utf8) + Array(repeating: 0x20, count: max(0, 200 - text.utf8.count))
    }

    func send(_ texts: String...) throws { try send(bytes: texts.flatMap(Peer.frame)) }

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

    /// Sends what the kernel takes now, and says how much that was.
    func trySending(_ bytes: [UInt8]) throws -> Int {
        if case .processed(let count) = try socket.send(bytes) { return count }
        return 0
    }

    /// The next frame without its padding; `nil` where the connection ends first.
    func next() throws -> String? {
        while received.count < 200 {
            guard try readSome() == nil else { return nil }
        }
        let frame = received.prefix(200)
        received.removeFirst(200)
        let end = (frame.lastIndex { $0 != 0x20 } ?? -1) + 1
        return String(decoding: frame[..<end], as: UTF8.self)
    }

    /// Reads to the end: how many bytes came, and how it ended.
    func readToEnd() throws -> (count: Int, end: End) {
        var count = received.count
        received = []
        while true {
            if let end = try readSome() { return (count, end) }
            count += received.count
            received = []
        }
    }

    /// Waits until the server has done what was sent before, and takes its answer to prove it.
    ///
    /// Gives what came before the answer.
    func barrier(_ nonce: String) throws -> [String] {
        try send("/\(nonce)")
        var before: [String] = []
        while let text = try next() {
            if text.hasPrefix("/\(nonce) is not") { return before }
            before.append(text)
        }
        Issue.record("no answer to /\(nonce), only \(before)")
        return before
    }

    private var deadline: Int64 { MonotonicClock.deadline(after: RunningServer.patience) }

    private func readSome() throws -> End? {
        guard try socket.waits(for: .readable, until: deadline) else { return .nothing }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        switch try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }) {
        case .processed(let count): received += buffer[..<count]
        case .wouldBlock: break
        case .endOfStream: return .endOfStream
        case .reset: return .reset
        }
        return nil
    }
}
