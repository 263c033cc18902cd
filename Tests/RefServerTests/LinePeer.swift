// SPDX-License-Identifier: Apache-2.0

import Posix

/// One end of a real connection whose messages are lines.
class LinePeer {
    private let stream: PeerStream
    private var received: [UInt8] = []
    /// How much of it is known to have no newline.
    private var searched = 0

    init(_ stream: PeerStream) { self.stream = stream }

    var socket: Socket { stream.socket }

    func send(_ lines: String...) throws {
        try send(bytes: lines.flatMap { Array(($0 + "\n").utf8) })
    }

    func send(bytes: [UInt8]) throws { try stream.send(bytes) }

    /// Sends a line, and gives the next that comes.
    func ask(_ line: String) throws -> String? {
        try send(line)
        return try next()
    }

    /// Whether something comes.
    func isTold() throws -> Bool {
        if received.isEmpty { received += try stream.readInTime() ?? [] }
        return !received.isEmpty
    }

    /// The next line without its newline; `nil` where the connection ends first.
    func next() throws -> String? {
        while true {
            if let end = received[searched...].firstIndex(of: 0x0A) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + 1)
                searched = 0
                return line
            }
            searched = received.count
            guard let bytes = try stream.readInTime() else { return nil }
            received += bytes
        }
    }
}
