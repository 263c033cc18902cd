// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Testing

@Suite("Clients of padded who go")
struct PaddedDepartureTests {
    @Test("the end of input is answered, closes, and is told to the channel once")
    func halfClose() {
        var world = PaddedWorld("ann", "bob")
        world.send("ann", "/create room")
        world.send("bob", "/join room")
        _ = world.heard("ann")
        world.send("bob", bytes: frame("/list") + frame("bye") + Array("half".utf8))
        world.closeInput("bob")
        #expect(world.heard("bob") == ["room"])
        #expect(world.world.closing == [world.id("bob")])
        #expect(world.heard("ann") == ["[bob] bye", "bob has left"])
        world.close("bob")
        #expect(world.heard("ann").isEmpty)
        world.send("ann", "hello?")
        #expect(world.heard("bob").isEmpty)
    }

    @Test("a reset is told to the channel once")
    func reset() {
        var world = PaddedWorld("ann", "bob")
        world.send("ann", "/create room")
        world.send("bob", "/join room")
        world.send("bob", bytes: Array("half".utf8))
        world.close("bob")
        #expect(world.heard("ann") == ["bob has joined", "bob has left"])
        #expect(world.world.closing.isEmpty)
    }

    @Test("who had no name, or was in no channel, goes unnoticed")
    func unnoticed() {
        var world = PaddedWorld("ann", "bob")
        world.send("ann", "/create room")
        world.connect("eve")
        world.send("eve", bytes: Array("half a name".utf8))
        world.closeInput("eve")
        world.close("eve")
        world.close("bob")
        #expect(world.heard("ann").isEmpty)
    }

    @Test("a slot's next user inherits nothing")
    func slotsAreReused() throws {
        var world = World(try #require(ProtocolCatalog.find("padded")).makeServer())
        let old = ConnectionID(slot: 0, generation: 1)
        let new = ConnectionID(slot: 0, generation: 2)
        world.handle(.connected(old))
        world.receive(frame("old") + frame("/create room") + Array("half".utf8), from: old)
        world.handle(.closed(old))
        world.handle(.connected(new))
        world.receive(frame("new") + frame("hi"), from: new)
        world.receive(frame("late"), from: old)
        #expect(texts(world.take(new)).first?.hasPrefix("Not currently") == true)
        #expect(world.take(old).isEmpty)
    }
}
