// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// A client's end of a real connection: what is sent leaves whole, and what comes is waited for.
struct PeerStream {
    enum End: Equatable {
        case endOfStream, reset, nothing
    }

    enum Read: Equatable {
        case bytes([UInt8])
        /// Nothing more comes; `nothing` where it was waited for in vain.
        case end(End)
    }

    let socket: Socket

    init(_ socket: Socket) throws {
        self.socket = socket
        try socket.setNoDelay(true)
    }

    init(
        _ server: RunningServer, from host: IPAddress? = nil, receiveBuffer: Int32? = nil
    ) throws {
        try self.init(
            try Socket.connect(
                to: try server.address(), from: host.map { SocketAddress($0, port: 0) },
                receiveBuffer: receiveBuffer,
                within: RunningServer.patience))
    }

    func send(_ bytes: [UInt8]) throws {
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

    func read() throws -> Read {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard try socket.waits(for: .readable, until: deadline) else { return .end(.nothing) }
            switch try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }) {
            case .processed(let count): return .bytes(Array(buffer[..<count]))
            case .wouldBlock: break
            case .endOfStream: return .end(.endOfStream)
            case .reset: return .end(.reset)
            }
        }
    }

    /// What comes; `nil` where the connection ends first.
    ///
    /// One of the two has to happen in time.
    func readInTime() throws -> [UInt8]? {
        switch try read() {
        case .bytes(let bytes): return bytes
        case .end(let end):
            try #require(end != .nothing, "nothing came")
            return nil
        }
    }

    private var deadline: Int64 { MonotonicClock.deadline(after: RunningServer.patience) }
}
