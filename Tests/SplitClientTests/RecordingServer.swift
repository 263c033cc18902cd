// SPDX-License-Identifier: Apache-2.0

import Foundation
import Posix
import Synchronization
import Testing

@testable import SplitClient

/// A server in this process that takes one connection on a thread of its own and keeps what each
/// of its `recv` calls got.
final class RecordingServer: Sendable {
    let address: SocketAddress
    private let record = Mutex<[[UInt8]]>([])
    private let done = DispatchSemaphore(value: 0)

    /// After the connection's end, or `talk`'s, the connection is closed.
    init(_ talk: @escaping @Sendable (RecordingServer, Socket) throws -> Void) throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        address = listener.localAddress
        let passed = Passed(listener)
        Thread {
            defer { self.done.signal() }
            guard let socket = passed.accept() else { return }
            try? talk(self, socket)
            socket.close()
        }.start()
    }

    /// Reads to the client's end and answers with what it got.
    static func echoing() throws -> RecordingServer {
        try RecordingServer { server, socket in
            while let bytes = server.receive(socket) { try server.send(bytes, socket) }
        }
    }

    /// The bytes of each `recv` call, once the connection is over.
    func received() -> [[UInt8]] {
        #expect(done.wait(timeout: .now() + 60) == .success)
        done.signal()
        return record.withLock { $0 }
    }

    /// The next bytes, and `nil` at the end of the connection.
    func receive(_ socket: Socket) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let deadline = MonotonicClock.deadline(after: 60_000_000_000)
        guard (try? socket.waits(for: .readable, until: deadline)) == true,
            case .processed(let count)? = bytes.withUnsafeMutableBytes({
                try? socket.receive(into: $0)
            })
        else { return nil }
        let got = Array(bytes.prefix(count))
        record.withLock { $0.append(got) }
        return got
    }

    func send(_ bytes: [UInt8], _ socket: Socket) throws {
        var queue = SendQueue()
        queue.append(bytes)
        let deadline = MonotonicClock.deadline(after: 60_000_000_000)
        while try queue.flush(to: socket) == .pending {
            _ = try socket.waits(for: .writable, until: deadline)
        }
    }

    /// Hands the listener over to the one thread that uses it.
    private final class Passed: @unchecked Sendable {
        private let listener: Listener
        init(_ listener: Listener) { self.listener = listener }

        func accept() -> Socket? {
            var poller = Poller()
            _ = poller.add(listener.descriptor, .readable)
            _ = try? poller.wait(nanoseconds: 60_000_000_000)
            guard case .accepted(let socket, _)? = try? listener.accept() else { return nil }
            listener.close()
            return socket
        }
    }
}
