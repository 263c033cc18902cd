// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix
import Testing

@testable import RefServer

@Suite("The time that machines are told", .timeLimit(.minutes(15)))
struct TimeTests {
    /// Asks to be woken a while after each connection, and says that it was.
    private struct Sleeper: ChatServer {
        var client: ConnectionID?
        var now: Int64 = 0
        var due: Int64?

        mutating func receive(
            _ bytes: Span<UInt8>,
            from connection: ConnectionID,
            into effects: inout EffectBuffer
        ) -> Int {
            // Only the later wish counts.
            effects.wake(at: now)
            due = now + 30_000_000
            effects.wake(at: now + 30_000_000)
            client = connection
            return bytes.count
        }

        mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
            guard case .time(let time) = event else { return }
            now = time.elapsed
            guard let due, let client else { return }
            effects.payloads.append(now < due ? UInt8(ascii: "e") : UInt8(ascii: "w"))
            effects.reply(to: client)
            if now >= due { self.due = nil }
        }
    }

    private func loop(tellsTime: Bool) throws -> EventLoop {
        try EventLoop(
            listener: try Listener(on: SocketAddress(.loopback4, port: 0)),
            signals: try Signals(taking: []),
            server: Sleeper(),
            tellsTime: tellsTime,
            limits: ServerLimits(),
            log: Log(level: .error)
        )
    }

    @Test("a machine that asks to be woken is woken then, once, and what it says is sent")
    func wakes() throws {
        let loop = try loop(tellsTime: true)
        let client = try Socket.connect(
            to: loop.listener.localAddress, within: RunningServer.patience)
        let start = MonotonicClock.now
        _ = try client.send([1])
        var heard: [UInt8] = []
        while heard.last != UInt8(ascii: "w") {
            try loop.turn()
            heard += try received(client)
        }
        #expect(MonotonicClock.now - start >= 30_000_000)
        #expect(heard == [UInt8(ascii: "w")])
        #expect(loop.wakesAt == nil)
    }

    @Test("a machine that needs no time is told none")
    func untold() throws {
        let loop = try loop(tellsTime: false)
        let client = try Socket.connect(
            to: loop.listener.localAddress, within: RunningServer.patience)
        _ = try client.send([1])
        for _ in 0..<3 where loop.wakesAt == nil { try loop.turn() }
        #expect((loop.server as? Sleeper)?.now == 0)
        #expect((loop.server as? Sleeper)?.due == 30_000_000)
    }

    private func received(_ client: Socket) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16)
        let result = try buffer.withUnsafeMutableBytes { try client.receive(into: $0) }
        guard case .processed(let count) = result else { return [] }
        return Array(buffer.prefix(count))
    }

    @Test("a second of the local time is read once, and the clock goes on")
    func clock() {
        var clock = ServerClock()
        let first = clock.now()
        let second = clock.now()
        #expect(second.elapsed >= first.elapsed)
        #expect(first.local.year > 2000)
        #expect((1...12).contains(second.local.month))
    }

    @Test("a local time is written with zeros in front")
    func text() {
        let time = LocalTime(year: 987, month: 1, day: 2, hour: 3, minute: 4, second: 5)
        #expect(String(decoding: time.text, as: UTF8.self) == "0987-01-02 03:04:05")
    }
}
