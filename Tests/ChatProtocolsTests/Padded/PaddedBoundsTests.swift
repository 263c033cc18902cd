// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import ChatProtocols

@Suite("Bounds of padded")
struct PaddedBoundsTests {
    @Test("the 65,537th channel is refused as if it existed")
    func channels() {
        var world = PaddedWorld("ann")
        for number in 0..<65_536 { world.send("ann", "/create \(number)") }
        #expect(world.heard("ann").isEmpty)
        world.send("ann", "/create 65536")
        #expect(world.heard("ann") == ["Room 65536 already exists, so cannot be created."])
        world.send("ann", "/join 65536", "/join 65535")
        #expect(world.heard("ann") == ["No channel named 65536 exists. Try '/create 65536'?"])
    }

    @Test("a machine whose effects are full takes no further message, and goes on later")
    func fullEffects() {
        var server = PaddedServer()
        var effects = EffectBuffer()
        let id = ConnectionID(slot: 0, generation: 0)
        server.handle(.connected(id), into: &effects)
        let input = (0..<2000).flatMap { frame("/x\($0)") }
        let stream = frame("ann") + input
        var taken = server.receive(stream.span, from: id, into: &effects)
        #expect(taken < stream.count)
        #expect(taken.isMultiple(of: 200))
        #expect(effects.payloads.count < Limits.effectBytes + 200)
        var output = effects.payloads
        while taken < stream.count {
            effects.removeAll()
            let rest = stream.span.extracting(taken...)
            taken += server.receive(rest, from: id, into: &effects)
            output += effects.payloads
        }
        #expect(texts(output).count == 2000)
    }

    @Test(
        "nothing makes the machine trap, and every frame it sends has 200 bytes",
        arguments: 0..<40 as Range<UInt64>
    )
    func survivesAnything(seed: UInt64) {
        RandomTalk.hold(seed: seed, with: PaddedServer()) { world, client, number, generator in
            let isNoise = (2...4).contains(number)
            world.receive(isNoise ? generator.noise(below: 700) : message(&generator), from: client)
        } hear: { output, place in
            #expect(output.count.isMultiple(of: 200), "\(place)")
        }
    }

    private func message(_ generator: inout SeededGenerator) -> [UInt8] {
        let words = ["/join ", "/create ", "/list", "/", "/join", "/create", "", "é€😀", "hi "]
        let word = words[generator.next(below: words.count)]
        let rest = String(repeating: "x€", count: generator.next(below: 60))
        let bytes = Array(
            (word + (generator.next(below: 2) == 0 ? "\(generator.next(below: 4))" : rest)).utf8
        )
        return frame(Array(bytes.prefix(200)))
    }
}
