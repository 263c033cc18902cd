// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

/// A federating server with channels c and d that ann has joined, and a peer p at 127.0.0.2.
private func makeWorld() -> ChannelsWorld {
    var world = ChannelsWorld.federating()
    world.enter("ann")
    world.send("ann", "CREATE c", "JOIN c", "CREATE d")
    world.peer("p", at: "127.0.0.2")
    _ = world.heard("ann")
    return world
}

private func joins(_ users: Range<Int>, _ channel: String = "c") -> String {
    users.map { "FEDJOIN g\($0) \(channel)\n" }.joined()
}

@Suite("What another server can cause")
struct ChannelsBoundsTests {
    @Test("tens of thousands of channels are listed, sorted, up to the bound, which is told once")
    func manyChannels() throws {
        var world = makeWorld()
        let names = (0..<Limits.channelsPeerChannels + 10).map { "n\(($0 * 7919) % 100_003)" }
        world.send("p", text: names.map { "FEDNEW \($0)\n" }.joined())
        let list = try #require(world.ask("ann", "CHANNELS").first)
        // Each with the space before it, as copies of so many names take long.
        let listed = list.utf8.dropFirst(15).split(separator: UInt8(ascii: ","))
        #expect(listed.count == Limits.channelsPeerChannels + 2)
        #expect(zip(listed, listed.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        #expect(
            world.world.logged == [
                "peer 127.0.0.2: it has more than 65536 channels; the others are not listed"
            ])
        world.close("p")
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c, d"])
    }

    @Test("the users of one server have a bound, which is told once; others have room")
    func manyGuests() {
        var world = makeWorld()
        let count = Limits.channelsPeerGuests
        world.send("p", text: joins(0..<count + 3))
        let heard = world.heard("p")
        #expect(heard.count(where: { $0.hasSuffix(" 1") }) == count)
        #expect(heard.suffix(3).allSatisfy { $0.hasSuffix(" 0") })
        #expect(world.world.logged.count == 1)
        #expect(world.ask("p", "FEDJOIN g0 c") == ["FEDRESULT g0 JOIN c:127.0.0.1 1"])
        #expect(world.ask("ann", "JOIN d") == ["RESULT JOIN d 1"])
        world.peer("q", at: "127.0.0.3")
        #expect(world.ask("q", "FEDJOIN g0 c") == ["FEDRESULT g0 JOIN c:127.0.0.1 1"])
        // Memberships outlive the link.
        world.close("p")
        world.peer("p", at: "127.0.0.2")
        #expect(world.ask("p", "FEDJOIN more d") == ["FEDRESULT more JOIN d:127.0.0.1 0"])
    }

    @Test("what could not be stored takes no room")
    func notStored() {
        var world = ChannelsWorld.federating(hasStore: true)
        world.enter("ann")
        world.send("ann", "CREATE c")
        world.peer("p", at: "127.0.0.2")
        world.isPrompt = false
        for number in 0..<Limits.channelsPeerGuests + 1 {
            world.send("p", "FEDJOIN g\(number) c")
            world.world.store { _ in number == 0 ? nil : .full }
        }
        _ = world.heard("p")
        world.send("p", "FEDJOIN last c")
        world.world.store()
        #expect(world.heard("p") == ["FEDRESULT last JOIN c:127.0.0.1 1"])
    }

    @Test("a message is told to many users as their link takes it, to each once, in order")
    func manyAreTold() {
        var world = makeWorld()
        let count = 200
        world.send("p", text: joins(0..<count))
        _ = world.heard("p")
        world.world.stuck = [world.id("p")]
        let text = String(repeating: "x", count: 10_000)
        world.send("ann", "SAY c \(text)1", "SAY c \(text)2")
        #expect(world.heard("ann").count == 2)
        let first = world.heard("p")
        #expect(first.reduce(0) { $0 + $1.utf8.count } < 2 * Limits.channelsLinkWindow)
        world.send("p", "FEDJOIN late c")
        let joined = world.heard("p")
        #expect(joined.first == "FEDRESULT late JOIN c:127.0.0.1 1")
        #expect(joined.count == 3)
        world.world.stuck = []
        world.send("ann", "SAY c 3")
        let all = first + world.heard("p")
        for name in ["g0", "g100", "g199"] {
            let told = all.filter { $0.hasPrefix("FEDRECV \(name) ") }.compactMap(\.last)
            #expect(told == ["1", "2", "3"])
        }
        #expect(all.count == 3 * count + 1)
        #expect(all.count(where: { $0.hasPrefix("FEDRECV late ") }) == 1)
    }

    @Test("a server that does not take what its users are told loses its links, with a line")
    func behind() {
        var world = makeWorld()
        world.peer("q", at: "127.0.0.3")
        world.send("q", "FEDJOIN bob c")
        world.send("p", text: joins(0..<100))
        _ = (world.heard("p"), world.heard("q"))
        world.world.stuck = [world.id("p")]
        let text = String(repeating: "x", count: 60_000)
        for _ in 0..<30 { world.send("ann", "SAY c \(text)") }
        #expect(world.world.aborted == [world.id("p")])
        #expect(world.heard("q").count == 30)
        #expect(world.world.logged.count == 1)
        #expect(world.world.logged[0].hasPrefix("peer 127.0.0.2: its links are ended: messages of"))
        #expect(world.heardBytes("p").count < 2 * Limits.channelsLinkWindow)
        world.close("p")
        #expect(world.heard("ann").count == 30)
        #expect(world.ask("ann", "SAY c on") == ["RECV ann c on"])
    }

    @Test("when the link that was waited for ends, its users are told over the other one")
    func otherLink() {
        var world = makeWorld()
        world.send("p", text: joins(0..<100))
        world.peer("p2", at: "127.0.0.2")
        world.world.stuck = [world.id("p")]
        world.send("ann", "SAY c " + String(repeating: "x", count: 10_000))
        let first = world.heard("p").count(where: { $0.hasPrefix("FEDRECV") })
        #expect(first < 100)
        world.close("p")
        #expect(first + world.heard("p2").count == 100)
    }

    @Test("a text that no client could say is refused, also while messages are being stored")
    func longTexts() {
        for hasStore in [false, true] {
            var world = ChannelsWorld.federating(hasStore: hasStore)
            world.enter("ann")
            world.send("ann", "CREATE c")
            world.peer("p", at: "127.0.0.2")
            world.send("p", "FEDJOIN bob c")
            _ = world.heard("p")
            let longest = Limits.channelsLine - 6
            world.send("p", "FEDSAY bob c " + String(repeating: "x", count: longest))
            #expect(world.heard("p").first?.hasPrefix("FEDRECV bob bob@127.0.0.2") == true)
            world.send(
                "p", "FEDSAY bob c 1", "FEDSAY bob c " + String(repeating: "x", count: longest + 1))
            #expect(
                world.heard("p") == [
                    "FEDRECV bob bob@127.0.0.2 c:127.0.0.1 1", "FEDRESULT bob SAY c:127.0.0.1 0",
                ])
            #expect(
                world.world.logged == [
                    "peer 127.0.0.2: a FEDSAY with a text of \(longest + 1) bytes, "
                        + "too long for any client: \"bob\""
                ])
        }
    }
}
