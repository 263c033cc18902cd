// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix
import Testing

@testable import RefServer

/// Answers an `l` with a long text that all share, and every other byte with itself.
private struct LongAnswers: ChatServer {
    let text: SharedText

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "l") {
                effects.reply(sharing: text, to: connection)
            } else {
                effects.payloads.append(bytes[index])
                effects.reply(to: connection)
            }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {}
}

/// A loop that the test turns, and clients of it that have been accepted.
private struct TurnedLoop {
    let loop: EventLoop
    let clients: [Socket]
    let text: SharedText

    init(clients count: Int, pieces: Int) throws {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 50_000)
        text = SharedText(Array(repeating: piece, count: pieces))
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        loop = try EventLoop(
            listener: listener,
            signals: try Signals(taking: []),
            server: LongAnswers(text: text),
            limits: ServerLimits(),
            log: Log(level: .error)
        )
        clients = try (0..<count).map { _ in
            try Socket.connect(
                to: listener.localAddress, receiveBuffer: 4096, within: RunningServer.patience)
        }
        try turn(until: { $0.connectionCount == count })
    }

    /// Never waits, so that nothing depends on what becomes ready when.
    func turn() throws {
        loop.wakesAt = MonotonicClock.now
        try loop.turn()
    }

    func turn(until holds: (EventLoop) throws -> Bool) throws {
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while try !holds(loop), MonotonicClock.now < deadline { try turn() }
        #expect(try holds(loop))
    }

    /// Says something as each client, and waits until all of it is there to be read.
    func say(_ byte: (Int) -> Character) throws {
        for (number, client) in clients.enumerated() {
            let byte = byte(number).asciiValue ?? 0
            #expect(try client.send([byte]) == .processed(1))
        }
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while try connections.contains(where: { try $0.socket.unreadBytes() == 0 }),
            MonotonicClock.now < deadline
        {}
    }

    var connections: [Connection] { loop.connections.compactMap { $0 } }

    /// How much of the long text the kernel has taken for each who has asked for it.
    var taken: [Int] { connections.filter(\.hasBacklog).map { text.count - $0.waiting } }
}

@Suite("The event loop's shares", .serialized, .timeLimit(.minutes(5)))
struct SharingTests {
    @Test("who asks for much gets a share in each turn, others are answered beside it, all get on")
    func shares() throws {
        let turned = try TurnedLoop(clients: 41, pieces: 80)
        // The last one asks for little.
        try turned.say { $0 < 40 ? "l" : "c" }
        try turned.turn()
        #expect(turned.taken.count == 40)
        #expect(turned.taken.allSatisfy { $0 <= ServerLimits.share })
        #expect(turned.taken.reduce(0, +) <= ServerLimits.shares + ServerLimits.share)
        var answer: [UInt8] = [0]
        let last = turned.clients[40]
        #expect(
            try last.waits(for: .readable, until: MonotonicClock.deadline(after: 5_000_000_000)))
        #expect(try answer.withUnsafeMutableBytes { try last.receive(into: $0) } == .processed(1))
        #expect(answer == [UInt8(ascii: "c")])
        // Some were put off: they come first now.
        #expect(turned.taken.contains(0))
        for _ in 0..<2 { try turned.turn() }
        #expect(!turned.taken.contains(0))
    }

    @Test("the kernel is not given much of a long text that a client does not read")
    func unsent() throws {
        let turned = try TurnedLoop(clients: 4, pieces: 80)
        try turned.say { _ in "l" }
        for _ in 0..<200 { try turned.turn() }
        #expect(turned.taken.count == 4)
        #expect(turned.taken.allSatisfy { $0 > 0 && $0 < 512 << 10 })
    }
}
