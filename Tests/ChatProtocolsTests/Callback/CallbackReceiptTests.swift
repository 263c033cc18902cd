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
}
