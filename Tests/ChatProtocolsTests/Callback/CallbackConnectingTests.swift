// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Connections b of callback")
struct CallbackConnectingTests {
    typealias World = CallbackWorld

    @Test("the port is connected to, and the client is answered when that is done")
    func connects() {
        var world = World()
        world.logIn("ann")
        _ = world.heard("ann")
        #expect(world.ask("ann", "/port 30232").isEmpty)
        #expect(world.world.connects.values.map(\.port) == [30_232])
        #expect(world.world.connects.values.first?.host == .ofClient(world.id("ann")))
        world.answerConnect("ann.b")
        #expect(world.heard("ann") == [World.built])
    }

    @Test("where nobody accepts the answer is 202, and one may ask again")
    func isRefused() {
        var world = World("bob")
        world.logIn("ann")
        world.send("ann", "/port 1")
        world.answerConnect("ann.b", accepts: false)
        #expect(world.heard("ann") == ["101 Authentication successful", World.notBuilt])
        #expect(world.ask("bob", "/to ann hi") == [World.failed])
        world.build("ann")
        #expect(world.heard("ann") == [World.built])
    }

    @Test("a port that swallows connections is given up after the time-out; nobody else waits")
    func swallows() throws {
        var world = World("bob")
        world.logIn("ann")
        world.world.tell(seconds: 10)
        world.send("ann", "/port 1", "/list")
        let ticket = try #require(world.world.connects.keys.first)
        #expect(world.world.wakesAt == 15_000_000_000)
        #expect(world.ask("bob", "/list") == ["301 bob ann"])
        world.world.tell(seconds: 14.9)
        #expect(world.heard("ann") == ["101 Authentication successful"])
        world.world.tell(seconds: 15)
        #expect(world.world.connects.isEmpty)
        #expect(world.heard("ann") == [World.notBuilt, "301 bob ann"])
        // It comes all the same, as it was on its way.
        let late = world.world.answerConnect(ticket, accepts: true)
        #expect(world.world.aborted == Set([late].compactMap { $0 }))
        #expect(late != nil)
        #expect(world.ask("bob", "/to ann hi") == [World.failed])
    }

    @Test("a client that goes while the server connects is forgotten, and the attempt given up")
    func goesMeanwhile() throws {
        for isReset in [false, true] {
            var world = World("bob")
            world.logIn("ann")
            world.send("ann", "/port 1")
            let ticket = try #require(world.world.connects.keys.first)
            _ = world.heard("ann")
            if isReset { world.close("ann") } else { world.closeInput("ann") }
            #expect(world.world.connects.isEmpty)
            #expect(world.heard("ann") == (isReset ? [] : [World.notBuilt]))
            #expect(world.isClosing("ann") == !isReset)
            #expect(world.ask("bob", "/list") == ["301 bob"])
            let late = world.world.answerConnect(ticket, accepts: true)
            #expect(world.world.aborted == Set([late].compactMap { $0 }))
            #expect(late != nil)
            world.logIn("ann")
            #expect(world.heard("ann") == ["101 Authentication successful"])
        }
    }

    @Test("a second /port waits for the answer to the first")
    func secondInFlight() {
        var world = World()
        world.logIn("ann")
        world.send("ann", "/port 1", "/port 2")
        #expect(world.world.connects.values.map(\.port) == [1])
        world.answerConnect("ann.b", accepts: false)
        #expect(world.world.connects.values.map(\.port) == [2])
        world.answerConnect("ann.b")
        #expect(
            world.heard("ann") == ["101 Authentication successful", World.notBuilt, World.built])
    }

    @Test("a second /port replaces the connection, and fails what is due and what waits there")
    func replaces() {
        var world = World("ann", "bob", "cid")
        world.send("bob", "/to ann one")
        world.send("cid", "/to ann two")
        #expect(world.heard("ann.b") == ["/from bob one"])
        let old = world.id("ann.b")
        world.build("ann")
        #expect(world.heard("ann") == [World.built])
        #expect(world.world.closing.contains(old))
        #expect(world.heard("bob") == [World.failed])
        #expect(world.heard("cid") == [World.failed])
        world.world.hand(Array((World.receipt + "\n").utf8), from: old)
        world.send("bob", "/to ann three")
        #expect(world.heard("ann.b") == ["/from bob three"])
        #expect(world.heard("bob").isEmpty)
        world.confirm("ann")
        #expect(world.heard("bob") == [World.delivered])
    }

    @Test("a second /port that is refused changes nothing")
    func keeps() {
        var world = World("ann", "bob")
        world.send("ann", "/port 9")
        world.answerConnect("ann.b", accepts: false)
        #expect(world.heard("ann") == [World.notBuilt])
        world.send("bob", "/to ann hi")
        world.confirm("ann")
        #expect(world.heard("bob") == [World.delivered])
    }

    @Test("a connection b that breaks leaves its user online, without it until the next /port")
    func breaks() {
        var world = World("ann", "bob")
        world.closeInput("bob.b")
        #expect(world.isClosing("bob.b"))
        #expect(world.ask("ann", "/list") == ["301 ann bob"])
        #expect(world.ask("ann", "/to bob hi") == [World.failed])
        world.close("bob.b")
        world.build("bob")
        world.send("ann", "/to bob hi")
        #expect(world.heard("bob.b") == ["/from ann hi"])
    }

    @Test("who goes takes the connection b along, and what is due and waits there fails")
    func ownerGoes() {
        for isReset in [false, true] {
            var world = World("ann", "bob", "cid")
            world.send("ann", "/to bob one")
            world.send("cid", "/to bob two")
            if isReset { world.close("bob") } else { world.closeInput("bob") }
            #expect(world.isClosing("bob.b"))
            #expect(world.heard("ann") == [World.failed])
            #expect(world.heard("cid") == [World.failed])
            #expect(world.ask("ann", "/list") == ["301 ann cid"])
        }
    }
}
