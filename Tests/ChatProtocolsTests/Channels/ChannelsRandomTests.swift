// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import ChatProtocols

@Suite("Channels under random input")
struct ChannelsRandomTests {
    private static let words = [
        "REGISTER", "LOGIN", "CREATE", "JOIN", "SAY", "CHANNELS", "FEDERATE-OUT",
        "FEDERATE-CONFIRM", "FEDCHANNELS", "FEDNEW", "FEDJOIN", "FEDSAY", "FEDRECV", "FEDRESULT",
        "RECV", "a", "b", "c", "a@x", "c:127.0.0.2", "c:127.0.0.1", "c:x", "JOIN", "SAY", "0", "1",
        "", ",", ":", "@", "é", "\r",
    ]

    /// Whatever comes from clients and servers, in whatever order the world answers, nothing traps,
    /// and nothing of those who have gone is left.
    @Test("nothing traps, and nothing is left of who has gone", arguments: 1...30)
    func survives(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var world = ChannelsWorld.federating("127.0.0.2:4400\nx:4400\n", hasStore: seed % 2 == 0)
        world.isPrompt = false
        let names = (0..<6).map { "n\($0)" }
        for name in names { world.connect(name) }
        for step in 0..<1_500 {
            let name = names[Int(random.next() % UInt64(names.count))]
            act(name, step, &random, &world)
        }
        for name in names + ["d"] { world.close(name) }
        world.isPrompt = true
        world.attend()
        world.connect("last")
        let list = world.ask("last", "CHANNELS").last ?? ""
        #expect(list.hasPrefix("RESULT CHANNELS "))
        #expect(!list.contains(":"))
        #expect(world.world.writes.isEmpty)
    }

    private func act(
        _ name: String,
        _ step: Int,
        _ random: inout SeededGenerator,
        _ world: inout ChannelsWorld
    ) {
        switch random.next() % 24 {
        case 0:
            world.close(name)
            world.connect(name)
        case 1: world.closeInput(name)
        case 2, 3: world.world.store { $0.ticket.number % 5 == 0 ? .full : nil }
        case 4, 5: world.world.workOnPasswords { $0.ticket.number % 7 == 0 ? .refused : nil }
        case 6: world.world.answerLookUps { _ in ["127.0.0.\(step % 4)"] }
        case 7: world.world.tell(seconds: Double(step) / 10)
        case 8:
            world.close("d")
            world.accept("d", at: "127.0.0.2")
        case 9: world.send("d", line(&random))
        case 10: world.send(name, bytes: (0..<20).map { _ in UInt8(random.next() % 256) })
        default: world.send(name, line(&random))
        }
    }

    private func line(_ random: inout SeededGenerator) -> String {
        (0...(random.next() % 5)).map { _ in
            Self.words[Int(random.next() % UInt64(Self.words.count))]
        }.joined(separator: " ")
    }
}
