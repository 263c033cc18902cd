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
        RandomTalk.hold(seed: seed, with: HelloServer(capacity: 3)) { world, client, _, generator in
            world.receive(noise(&generator), from: client)
        } hear: { output, place in
            #expect(output.isEmpty || output.last == 0x0A, "\(place)")
            for line in output.split(separator: 0x0A) {
                #expect(isKnown(Array(line)), "\(place)")
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
