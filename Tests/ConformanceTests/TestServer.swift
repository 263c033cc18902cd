// SPDX-License-Identifier: Apache-2.0

import Foundation
import Posix
import Synchronization

/// A server in this process: one thread, on which every connection is talked to in turn.
final class TestServer: Sendable {
    let address: SocketAddress
    private let isOver: Over

    private final class Over: Sendable {
        let value = Atomic(false)
    }

    /// `talk` has each connection until it returns; then the connection is closed.
    init(
        on host: IPAddress = .loopback4, _ talk: @escaping @Sendable (Socket) throws -> Void
    ) throws {
        let listening = DispatchSemaphore(value: 0)
        let found = Found()
        let over = Over()
        Thread {
            guard let listener = try? Listener(on: SocketAddress(host, port: 0)) else {
                listening.signal()
                return
            }
            found.address.withLock { $0 = listener.localAddress }
            listening.signal()
            TestServer.serve(listener, until: over, talk)
        }.start()
        listening.wait()
        guard let address = found.address.withLock({ $0 }) else { throw NoListener() }
        self.address = address
        isOver = over
    }

    deinit { isOver.value.store(true, ordering: .relaxed) }

    private struct NoListener: Error {}

    private final class Found: Sendable {
        let address = Mutex<SocketAddress?>(nil)
    }

    private static func serve(
        _ listener: Listener, until over: Over, _ talk: (Socket) throws -> Void
    ) {
        var poller = Poller()
        _ = poller.add(listener.descriptor, .readable)
        while !over.value.load(ordering: .relaxed) {
            _ = try? poller.wait(nanoseconds: 20_000_000)
            guard case .accepted(let socket, _)? = try? listener.accept() else { continue }
            try? talk(socket)
            socket.close()
        }
    }
}

extension Socket {
    /// The next bytes, up to 64 KiB; empty at the end, `nil` after a reset or two minutes.
    func next() -> [UInt8]? {
        let deadline = MonotonicClock.deadline(after: 120_000_000_000)
        guard (try? waits(for: .readable, until: deadline)) == true else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let result = bytes.withUnsafeMutableBytes { try? receive(into: $0) }
        switch result {
        case .processed(let count): return Array(bytes.prefix(count))
        case .endOfStream: return []
        case .wouldBlock, .reset, nil: return nil
        }
    }

    /// Reads until the client has ended its direction; whether it did so in order.
    func readToEnd() -> Bool {
        while let bytes = next() {
            if bytes.isEmpty { return true }
        }
        return false
    }
}

/// What the threads of a test have seen.
final class Seen<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func append(_ value: Value) { values.withLock { $0.append(value) } }

    /// What there is once there is so much of it, or after two minutes.
    func all(count: Int) -> [Value] {
        let deadline = MonotonicClock.deadline(after: 120_000_000_000)
        while MonotonicClock.now < deadline {
            let seen = values.withLock { $0 }
            if seen.count >= count { return seen }
            Thread.sleep(forTimeInterval: 0.001)
        }
        return values.withLock { $0 }
    }
}

/// A frame of 200 bytes, as `SmallSuite` has them.
func frame(_ text: String) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0x20, count: 200 - text.utf8.count)
}
