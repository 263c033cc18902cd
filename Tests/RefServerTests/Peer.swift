// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// A client of `padded` with a real socket.
final class Peer {
    typealias End = PeerStream.End

    private let stream: PeerStream
    /// Which ends when nobody refers to it.
    private let server: RunningServer
    private var received: [UInt8] = []

    init(_ server: RunningServer, name: String? = nil, receiveBuffer: Int32? = nil) throws {
        self.server = server
        stream = try PeerStream(server, receiveBuffer: receiveBuffer)
        if let name { try send(name) }
    }

    var socket: Socket { stream.socket }

    static func frame(_ text: String) -> [UInt8] {
        Array(text.utf8) + Array(repeating: 0x20, count: max(0, 200 - text.utf8.count))
    }

    func send(_ texts: String...) throws { try send(bytes: texts.flatMap(Peer.frame)) }

    func send(bytes: [UInt8]) throws { try stream.send(bytes) }

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

    private func readSome() throws -> End? {
        switch try stream.read() {
        case .bytes(let bytes):
            received += bytes
            return nil
        case .end(let end):
            return end
        }
    }
}
