// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix
import Testing

@testable import RefServer

@Suite("Input that a machine wants later", .timeLimit(.minutes(15)))
struct LeftInputTests {
    /// Says pairs of bytes back, one in a call.
    private struct Pairs: ChatServer {
        var first: UInt8?

        mutating func receive(
            _ bytes: Span<UInt8>,
            from connection: ConnectionID,
            into effects: inout EffectBuffer
        ) -> Int {
            var taken = 0
            while taken < bytes.count {
                let byte = bytes[taken]
                taken += 1
                guard let first else {
                    first = byte
                    continue
                }
                self.first = nil
                effects.payloads.append(first)
                effects.payloads.append(byte)
                effects.reply(to: connection)
                break
            }
            return taken
        }

        mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {}
    }

    @Test("half a message that was left, with nothing to answer, is followed by its other half")
    func halfLeft() throws {
        let loop = try EventLoop(
            listener: try Listener(on: SocketAddress(.loopback4, port: 0)),
            signals: try Signals(taking: []),
            server: Pairs(),
            limits: ServerLimits(),
            log: Log(level: .error)
        )
        let client = try Socket.connect(
            to: loop.listener.localAddress, within: RunningServer.patience)
        // The answer to the first ends the taking; the rest is half a message.
        _ = try client.send(Array("AaB".utf8))
        #expect(try heard(from: loop, client, count: 2) == Array("Aa".utf8))
        for _ in 0..<3 where !loop.connections.allSatisfy({ $0?.pending.isEmpty ?? true }) {
            try loop.turn()
        }
        _ = try client.send(Array("b".utf8))
        #expect(try heard(from: loop, client, count: 2) == Array("Bb".utf8))
    }

    private func heard(from loop: EventLoop, _ client: Socket, count: Int) throws -> [UInt8] {
        var heard: [UInt8] = []
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while heard.count < count, MonotonicClock.now < deadline {
            // Nothing else wakes a loop that has stopped reading.
            loop.wakesAt = MonotonicClock.deadline(after: 1_000_000)
            try loop.turn()
            heard += try received(client)
        }
        return heard
    }

    private func received(_ client: Socket) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16)
        let result = try buffer.withUnsafeMutableBytes { try client.receive(into: $0) }
        guard case .processed(let count) = result else { return [] }
        return Array(buffer.prefix(count))
    }
}
