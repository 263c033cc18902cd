// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

/// A server with so many channels, whose names have 250 bytes; ann is logged in.
private func makeWorld(_ count: Int, federates: Bool = false) -> ChannelsWorld {
    var world = federates ? ChannelsWorld.federating() : ChannelsWorld()
    world.enter("ann")
    world.send("ann", text: (0..<count).map { "CREATE \(name($0))\n" }.joined())
    _ = world.heard("ann")
    return world
}

private func name(_ number: Int) -> String {
    let digits = String(number)
    return digits + String(repeating: "x", count: 250 - digits.count)
}

@Suite("Lists of channels")
struct ChannelsListTests {
    @Test("a short list is an answer like any other")
    func short() {
        var world = makeWorld(3)
        world.world.stuck = [world.id("ann")]
        world.send("ann", "CHANNELS", "CHANNELS")
        #expect(world.heard("ann").count == 2)
        #expect(world.world.sharedReplies == 0)
    }

    @Test("a long list is sent by reference, and who asked is not read until it has left")
    func long() {
        var world = makeWorld(100)
        world.connect("eve")
        world.world.stuck = [world.id("eve")]
        world.send("eve", "CHANNELS", "CHANNELS", "JOIN c")
        #expect(world.heard("eve").count == 1)
        #expect(world.world.paused == [world.id("eve")])
        #expect(world.ask("ann", "CREATE last") == ["RESULT CREATE last 1"])
        world.world.stuck = []
        world.world.tell(seconds: 1)
        let rest = world.heard("eve")
        #expect(rest.count == 2)
        #expect(rest.first?.hasSuffix(", last") == true)
        #expect(rest.last == "RESULT JOIN c 0")
        #expect(world.world.sharedReplies == 2)
        #expect(world.world.paused.isEmpty)
    }

    @Test("who has ended the input is closed when the list has left")
    func end() {
        var world = makeWorld(100)
        world.world.stuck = [world.id("ann")]
        world.send("ann", "CHANNELS")
        world.closeInput("ann")
        #expect(world.world.closing.isEmpty)
        world.world.stuck = []
        world.world.tell(seconds: 1)
        #expect(world.world.closing == [world.id("ann")])
        #expect(world.world.aborted.isEmpty)
    }

    @Test("many who wait for one list are kept; those of the oldest of too many are dropped")
    func manyVersions() {
        var world = makeWorld(1_000)
        // If each had the bytes of the list to itself, they would be too many.
        let most = 300
        let waiting = (0..<most).map { "w\($0)" }
        for client in waiting { world.connect(client) }
        world.world.stuck = Set(waiting.map { world.id($0) })
        for client in waiting { world.send(client, "CHANNELS") }
        #expect(world.world.sharedReplies == most)
        for client in waiting {
            world.close(client)
            _ = world.heardBytes(client)
        }
        #expect(world.world.aborted.isEmpty)
        var ids: [ConnectionID] = []
        var rounds = 0
        // Each list has its ends and one more piece to itself: far more of them have room than if each
        // had all of its bytes.
        let fewest = Limits.channelsOldLists / (4 * Limits.channelsListBlock)
        while world.world.aborted.isEmpty, rounds < 4 * fewest {
            // Two wait for the first list, one for each of the others.
            for client in rounds == 0 ? ["a", "b"] : ["c\(rounds)"] {
                world.connect(client)
                ids.append(world.id(client))
                world.world.stuck.insert(world.id(client))
                world.send(client, "CHANNELS")
                _ = world.heardBytes(client)
            }
            world.send("ann", "CREATE new\(rounds)")
            rounds += 1
        }
        #expect(rounds > fewest)
        #expect(rounds < 3 * fewest)
        #expect(world.world.aborted == Set(ids.prefix(2)))
        #expect(
            world.world.logged
                == Array(
                    repeating:
                        "a client: does not read the list of channels that was sent to it: "
                        + "the connection is ended",
                    count: 2))
        #expect(world.world.loggedAbout == 2)
    }

    @Test("a server that asks to federate is told many channels by reference, and then of new ones")
    func peers() {
        var world = makeWorld(100, federates: true)
        world.connect("p")
        world.world.stuck = [world.id("p")]
        world.send("p", "FEDERATE-OUT")
        world.world.answerLookUps { _ in ["127.0.0.2"] }
        let heard = world.heard("p")
        #expect(heard.first == "FEDERATE-CONFIRM")
        #expect(heard.last?.hasPrefix("FEDCHANNELS \(name(0)), ") == true)
        #expect(world.world.sharedReplies == 1)
        world.send("ann", "CREATE c", "JOIN c")
        world.send("p", "FEDJOIN bob c")
        world.world.stuck = []
        world.send("ann", "SAY c hi")
        #expect(
            world.heard("p") == [
                "FEDNEW c", "FEDRESULT bob JOIN c:127.0.0.1 1",
                "FEDRECV bob ann@127.0.0.1 c:127.0.0.1 hi",
            ])
    }

    @Test("all servers together have a bound of listed channels, which is told once to each")
    func allPeers() {
        var world = ChannelsWorld.federating()
        world.enter("ann")
        for peer in 2...4 { world.peer("p\(peer)", at: "127.0.0.\(peer)") }
        let many = (0..<Limits.channelsPeerChannels).map { "FEDNEW n\($0)\n" }.joined()
        world.send("p2", text: many)
        world.send("p3", text: many)
        world.send("p4", "FEDNEW late", "FEDNEW later")
        #expect(
            world.world.logged == [
                "peer 127.0.0.4: all other servers have more than 131072 channels; "
                    + "the others are not listed"
            ])
        world.close("p2")
        world.close("p3")
        world.send("p4", "FEDNEW now")
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS now:127.0.0.4"])
    }
}
