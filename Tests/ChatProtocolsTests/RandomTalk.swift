// SPDX-License-Identifier: Apache-2.0

import Bytes
import ChatProtocols

/// A talk of clients that come, send and go at random; one seed always gives the same talk.
struct RandomTalk {
    private var world: World
    private var generator: SeededGenerator
    private var clients: [ConnectionID] = []

    /// Holds 400 steps of it with a server.
    ///
    /// `send` lets a client of the world do something; its number says what, between 2 and 19. `hear`
    /// is told what each client got by a step, and which step of which talk that was.
    static func hold(
        seed: UInt64, with server: any ChatServer,
        send: (inout World, ConnectionID, Int, inout SeededGenerator) -> Void,
        hear: ([UInt8], String) -> Void
    ) {
        var talk = RandomTalk(world: World(server), generator: SeededGenerator(seed: seed))
        for step in 0..<400 {
            talk.step(send)
            for client in talk.clients {
                hear(talk.world.take(client), "seed \(seed), step \(step)")
            }
        }
    }

    private mutating func step(
        _ send: (inout World, ConnectionID, Int, inout SeededGenerator) -> Void
    ) {
        if clients.isEmpty || generator.next(below: 10) == 0 { clients.append(world.connect()) }
        let index = generator.next(below: clients.count)
        let client = clients[index]
        let number = generator.next(below: 20)
        switch number {
        case 0: world.handle(.inputClosed(client))
        case 1:
            world.handle(.closed(client))
            clients.remove(at: index)
        default: send(&world, client, number, &generator)
        }
    }
}

extension SeededGenerator {
    /// Any bytes, fewer than `count`.
    mutating func noise(below count: Int) -> [UInt8] {
        (0..<next(below: count)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
