// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import ChatProtocols

@Suite("Bounds of hello")
struct HelloBoundsTests {
    @Test("a machine whose effects are full takes no further line, and goes on later")
    func fullEffects() {
        var server = HelloServer()
        var effects = EffectBuffer()
        let id = ConnectionID(slot: 0, generation: 0)
        server.handle(.connected(id), into: &effects)
        let name = String(repeating: "n", count: 1000)
        let stream = Array("HELLO-FROM \(name)\n".utf8) + (0..<2000).flatMap { _ in "LIST\n".utf8 }
        var (taken, output) = (0, 0)
        while taken < stream.count {
            effects.removeAll()
            let rest = stream.span.extracting(taken...)
            let count = server.receive(rest, from: id, into: &effects)
            #expect(count > 0)
            #expect(effects.payloads.count < Limits.effectBytes + 1009)
            taken += count
            output += effects.payloads.count
        }
        #expect(output == 1007 + 2000 * 1009)
    }

    @Test(
        "nothing makes the machine trap, and all that it sends are lines that it knows",
        arguments: 0..<40 as Range<UInt64>
    )
    func survivesAnything(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var world = World(HelloServer(capacity: 3))
        var clients: [ConnectionID] = []
        for step in 0..<400 {
            if clients.isEmpty || generator.next(below: 10) == 0 { clients.append(world.connect()) }
            let index = generator.next(below: clients.count)
            let client = clients[index]
            switch generator.next(below: 20) {
            case 0: world.handle(.inputClosed(client))
            case 1:
                world.handle(.closed(client))
                clients.remove(at: index)
            default: world.receive(noise(&generator), from: client)
            }
            for client in clients {
                let output = world.take(client)
                #expect(output.isEmpty || output.last == 0x0A, "seed \(seed), step \(step)")
                for line in output.split(separator: 0x0A) {
                    #expect(isKnown(Array(line)), "seed \(seed), step \(step)")
                }
            }
        }
    }

    private func isKnown(_ line: [UInt8]) -> Bool {
        let heads = [
            "HELLO ", "IN-USE", "BUSY", "LIST-OK ", "SEND-OK", "BAD-DEST-USER", "DELIVERY ",
            "BAD-RQST-HDR", "BAD-RQST-BODY",
        ]
        return heads.contains { line.starts(with: $0.utf8) }
    }

    private func noise(_ generator: inout SeededGenerator) -> [UInt8] {
        let words = [
            "HELLO-FROM ", "SEND ", "LIST", "a", "b", "c", " ", "\n", "\n", "\n", "€", "😀",
            "\t", "!",
        ]
        return (0..<generator.next(below: 12)).flatMap { _ in
            let index = generator.next(below: words.count + 1)
            return index < words.count
                ? Array(words[index].utf8) : [UInt8(truncatingIfNeeded: generator.next())]
        }
    }
}
