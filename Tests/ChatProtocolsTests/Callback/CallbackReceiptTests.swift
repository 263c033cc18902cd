// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Receipts of callback")
struct CallbackReceiptTests {
    typealias World = CallbackWorld

    @Test("a receipt counts once it is whole, however it is cut", arguments: 0...30)
    func cutReceipt(at place: Int) {
        var world = World("ann", "bob")
        let receipt = Array((World.receipt + "\n").utf8)
        #expect(receipt.count == 31)
        world.send("ann", "/to bob hi")
        world.send("bob.b", bytes: receipt[..<place])
        #expect(world.heard("ann").isEmpty)
        world.send("bob.b", bytes: receipt[place...])
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test(
        "another line than a receipt fails the delivery, and the connection b stays",
        arguments: [
            "303 Message delivery successful", "", "30", "3020", "x302 y", " 302", "nonsense",
        ]
    )
    func wrongReceipt(_ line: String) {
        var world = World("ann", "bob")
        world.send("ann", "/to bob hi")
        world.send("bob.b", line)
        #expect(world.heard("ann") == [World.failed])
        _ = world.heard("bob.b")
        world.send("ann", "/to bob again")
        #expect(world.heard("bob.b") == ["/from ann again"])
        world.send("bob.b", "302")
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test("what comes while no receipt is due confirms nothing, whole or half")
    func early() {
        var world = World("ann", "bob")
        world.confirm("bob")
        world.send("bob.b", bytes: Array("302 Mess".utf8))
        #expect(world.ask("ann", "/to bob hi").isEmpty)
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test("a doubled receipt confirms one message")
    func doubled() {
        var world = World("ann", "bob", "cid")
        world.send("ann", "/to bob one")
        world.send("cid", "/to bob two")
        world.send("bob.b", World.receipt, World.receipt)
        #expect(world.heard("ann") == [World.delivered])
        #expect(world.heard("bob.b") == ["/from ann one", "/from cid two"])
        #expect(world.heard("cid").isEmpty)
        world.confirm("bob")
        #expect(world.heard("cid") == [World.delivered])
    }

    @Test("a connection b that breaks before the receipt, or in it, fails the delivery")
    func breaks() {
        for half in ["", "302 Message"] {
            for isReset in [false, true] {
                var world = World("ann", "bob")
                world.send("ann", "/to bob hi")
                world.send("bob.b", bytes: Array(half.utf8))
                if isReset { world.close("bob.b") } else { world.closeInput("bob.b") }
                #expect(world.heard("ann") == [World.failed])
                #expect(world.ask("bob", "/list") == ["301 ann bob"])
            }
        }
    }

    @Test("a receipt that does not come in time fails all that waits, and closes the connection b")
    func timesOut() {
        for half in ["", "302 Message"] {
            var world = World("ann", "bob", "cid")
            world.world.tell(seconds: 100)
            world.send("ann", "/to bob one")
            world.send("cid", "/to bob two")
            world.send("bob.b", bytes: Array(half.utf8))
            #expect(world.world.wakesAt == 105_000_000_000)
            world.world.tell(seconds: 104.9)
            #expect(world.heard("ann").isEmpty)
            world.world.tell(seconds: 105)
            #expect(world.heard("ann") == [World.failed])
            #expect(world.heard("cid") == [World.failed])
            #expect(world.isClosing("bob.b"))
            let old = world.id("bob.b")
            #expect(world.ask("cid", "/list") == ["301 ann bob cid"])
            world.build("bob")
            world.send("ann", "/to bob three")
            // The receipt that comes too late.
            world.world.hand(Array((World.receipt + "\n").utf8), from: old)
            #expect(world.heard("ann").isEmpty)
            world.confirm("bob")
            #expect(world.heard("ann") == [World.delivered])
        }
    }

    @Test("each message has its own time, and the server asks for the next")
    func timesOutEach() {
        var world = World("ann", "bob", "cid")
        world.world.tell(seconds: 1)
        world.send("ann", "/to bob one")
        world.world.tell(seconds: 3)
        world.confirm("bob")
        world.send("ann", "/to bob two")
        world.world.tell(seconds: 4)
        world.send("bob", "/to cid three")
        world.world.tell(seconds: 6)
        #expect(world.heard("ann") == [World.delivered])
        #expect(world.world.wakesAt == 8_000_000_000)
        world.world.tell(seconds: 8)
        #expect(world.heard("ann") == [World.failed])
        #expect(world.world.wakesAt == 9_000_000_000)
        #expect(world.heard("bob").isEmpty)
        world.world.tell(seconds: 9)
        #expect(world.heard("bob") == [World.failed])
    }

    @Test("the time-out can be set")
    func timeout() {
        var configuration = World.configuration
        configuration.give(.milliseconds(200), for: CallbackSettings.timeoutOption)
        #expect(CallbackSettings(configuration).receiptTimeout == 200_000_000)
        #expect(CallbackSettings(World.configuration).receiptTimeout == 5_000_000_000)
    }

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
