// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Messages of callback that wait for receipts")
struct CallbackDeliveringTests {
    typealias World = CallbackWorld

    @Test("on one connection b one message at a time is due, in the order of sending")
    func oneAtATime() {
        var world = World("ann", "bob", "cid", "dan")
        world.send("ann", "/to bob one")
        world.send("cid", "/toall two")
        world.send("dan", "/to bob three")
        for (sender, line) in [("ann", "/from ann one"), ("dan", "/from dan three")] {
            if sender == "dan" {
                #expect(world.heard("bob.b") == ["/broadcastfrom cid two"])
                world.confirm("bob")
            }
            #expect(world.heard("bob.b") == [line])
            #expect(world.heard(sender).isEmpty)
            world.confirm("bob")
            #expect(world.heard(sender) == [World.delivered])
        }
        #expect(world.heard("cid").isEmpty)
        world.confirm("ann")
        world.confirm("dan")
        #expect(world.heard("cid") == [World.delivered])
    }

    @Test("two who send to each other at once both succeed")
    func cross() {
        var world = World("ann", "bob")
        world.send("ann", "/to bob hi")
        world.send("bob", "/to ann ho")
        #expect(world.heard("ann.b") == ["/from bob ho"])
        #expect(world.heard("bob.b") == ["/from ann hi"])
        world.confirm("ann")
        #expect(world.heard("bob") == [World.delivered])
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test("while a receipt is missing nobody waits but its sender and who sends there")
    func nobodyWaits() {
        var world = World("ann", "bob", "cid", "dan")
        world.send("ann", "/to bob hi", "/list")
        world.send("cid", "/to dan ho")
        world.confirm("dan")
        #expect(world.heard("cid") == [World.delivered])
        #expect(world.ask("bob", "/list") == ["301 ann bob cid dan"])
        world.send("bob", "/to dan he")
        world.confirm("dan")
        #expect(world.heard("bob") == [World.delivered])
        #expect(world.heard("ann").isEmpty)
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered, "301 ann bob cid dan"])
    }

    @Test("a sender that goes is nobody at once; its message is still confirmed, to itself only")
    func senderGoes() {
        var world = World("ann", "bob", "cid")
        world.send("ann", "/to bob one", "/list")
        world.closeInput("ann")
        #expect(!world.isClosing("ann"))
        #expect(world.ask("cid", "/list") == ["301 bob cid"])
        world.send("cid", "/to bob two")
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered])
        #expect(world.isClosing("ann"))
        #expect(world.heard("cid").isEmpty)
        world.confirm("bob")
        #expect(world.heard("cid") == [World.delivered])
    }

    @Test("a sender that is reset leaves a receipt due that confirms nobody else's message")
    func senderIsReset() {
        var world = World("ann", "bob", "cid")
        world.send("ann", "/to bob one")
        world.close("ann")
        world.send("cid", "/to bob two")
        #expect(world.heard("bob.b") == ["/from ann one"])
        world.confirm("bob")
        #expect(world.heard("cid").isEmpty)
        #expect(world.heard("bob.b") == ["/from cid two"])
        world.confirm("bob")
        #expect(world.heard("cid") == [World.delivered])
    }

    @Test("who sends to itself and goes is answered")
    func selfGoes() {
        var world = World("ann")
        world.send("ann", "/to ann hi")
        world.closeInput("ann")
        #expect(world.heard("ann") == [World.failed])
        #expect(world.isClosing("ann"))
    }

    @Test("past the bound of a receiver's queue the sender gets 304")
    func bound() {
        var line = CallbackLine(owner: ConnectionID(slot: 0, generation: 0))
        func delivery(_ count: Int) -> CallbackDelivery {
            CallbackDelivery(
                sender: ConnectionID(slot: 1, generation: 0), number: 1,
                line: Array(repeating: 0x78, count: count))
        }
        func takes(_ count: Int) -> Bool { line.enqueue(delivery(count)) }
        for _ in 0..<Limits.callbackQueue { #expect(takes(10)) }
        #expect(!takes(10))
        _ = line.dequeue()
        #expect(takes(10))
        while line.dequeue() != nil {}
        let half = Limits.callbackQueueBytes / 2
        #expect(takes(half))
        #expect(takes(half))
        #expect(!takes(1))
    }

    @Test("a full queue fails the message of one more sender, and loses none of the others")
    func fullQueue() {
        var world = World("ann", "bob")
        world.send("ann", "/to bob first")
        world.close("ann")
        for _ in 0..<Limits.callbackQueue {
            world.logIn("ann")
            world.send("ann", "/to bob more")
            #expect(world.heard("ann") == ["101 Authentication successful"])
            world.close("ann")
        }
        world.logIn("ann")
        #expect(world.ask("ann", "/to bob over").last == World.failed)
        var count = 0
        while !world.heard("bob.b").isEmpty {
            count += 1
            world.confirm("bob")
        }
        #expect(count == Limits.callbackQueue + 1)
    }
}
