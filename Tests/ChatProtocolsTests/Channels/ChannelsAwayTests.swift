// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

/// A federating server with ann and bob, and a peer p at 127.0.0.2 that has a channel c.
private func makeWorld(hasStore: Bool = false) -> ChannelsWorld {
    var world = ChannelsWorld.federating(hasStore: hasStore)
    world.enter("ann")
    world.enter("bob")
    world.peer("p", at: "127.0.0.2")
    world.send("p", "FEDCHANNELS c")
    return world
}

/// The same, and ann has joined c there.
private func makeJoined(hasStore: Bool = false) -> ChannelsWorld {
    var world = makeWorld(hasStore: hasStore)
    world.send("ann", "JOIN c:127.0.0.2")
    world.send("p", "FEDRESULT ann JOIN c:127.0.0.2 1")
    _ = (world.heard("ann"), world.heard("p"))
    return world
}

@Suite("Users of this server in channels of others")
struct ChannelsAwayTests {
    @Test("a JOIN goes to the peer, and its answer comes to the client, which waits for it alone")
    func joins() {
        for hasStore in [false, true] {
            var world = makeWorld(hasStore: hasStore)
            world.send("ann", "JOIN c:127.0.0.2", "CHANNELS")
            #expect(world.heard("p") == ["FEDJOIN ann@127.0.0.1 c"])
            #expect(world.heard("ann").isEmpty)
            #expect(world.ask("bob", "CHANNELS") == ["RESULT CHANNELS c:127.0.0.2"])
            world.send(
                "p", "FEDRESULT ann JOIN c:127.0.0.2 1",
                "FEDRECV ann cid@127.0.0.2 c:127.0.0.2 early")
            #expect(
                world.heard("ann").sorted() == [
                    "RECV cid@127.0.0.2 c:127.0.0.2 early", "RESULT CHANNELS c:127.0.0.2",
                    "RESULT JOIN c:127.0.0.2 1",
                ])
            #expect(world.ask("ann", "JOIN c:127.0.0.2") == ["RESULT JOIN c:127.0.0.2 0"])
            #expect(world.heard("p").isEmpty)
            world.send("bob", "JOIN nix:127.0.0.2")
            #expect(world.heard("p") == ["FEDJOIN bob@127.0.0.1 nix"])
            world.send("p", "FEDRESULT bob@127.0.0.1 JOIN nix 0")
            #expect(world.heard("bob") == ["RESULT JOIN nix:127.0.0.2 0"])
        }
    }

    @Test("a message that comes once for each is told to each, whoever may not be told it")
    func sameForMany() {
        var world = makeJoined()
        world.enter("cid")
        world.send("bob", "JOIN c:127.0.0.2")
        world.send("p", "FEDRESULT bob JOIN c 1")
        _ = (world.heard("bob"), world.heard("p"))
        let users = ["ann", "bob", "cid", "nobody", "ann", "bob@127.0.0.1"]
        world.send("p", text: users.map { "FEDRECV \($0) dan@127.0.0.2 c hi\n" }.joined())
        #expect(
            world.heard("ann") == Array(repeating: "RECV dan@127.0.0.2 c:127.0.0.2 hi", count: 2))
        #expect(
            world.heard("bob") == Array(repeating: "RECV dan@127.0.0.2 c:127.0.0.2 hi", count: 2))
        #expect(world.heard("cid").isEmpty)
        #expect(world.world.logged.count == 2)
        // The same line means another speaker as soon as the peer calls itself otherwise.
        world.send(
            "p", "FEDRECV ann dan@p c hi", "FEDJOIN x@p none", "FEDRECV ann dan@p c hi",
            "FEDRECV bob dan@p c hi")
        #expect(
            world.heard("ann") == [
                "RECV dan@p c:127.0.0.2 hi", "RECV dan@127.0.0.2 c:127.0.0.2 hi",
            ])
        #expect(world.heard("bob") == ["RECV dan@127.0.0.2 c:127.0.0.2 hi"])
    }

    @Test("history comes behind the 1, also where that is stored first")
    func order() {
        var world = makeWorld(hasStore: true)
        world.send("ann", "JOIN c:127.0.0.2")
        world.isPrompt = false
        world.send(
            "p", "FEDRESULT ann JOIN c 1", "FEDRECV ann cid c early", "FEDRECV ann cid c late")
        #expect(world.heard("ann").isEmpty)
        world.world.store()
        #expect(
            world.heard("ann") == [
                "RESULT JOIN c:127.0.0.2 1", "RECV cid@127.0.0.2 c:127.0.0.2 early",
                "RECV cid@127.0.0.2 c:127.0.0.2 late",
            ])
    }

    @Test("what cannot be asked is 0 at once; the own name is the local channel")
    func local() {
        var world = makeWorld()
        for name in ["c:nowhere", "c:", ":127.0.0.2", "c:127.0.0.2:4400", "a@b:127.0.0.2"] {
            #expect(world.ask("ann", "JOIN \(name)") == ["RESULT JOIN \(name) 0"])
        }
        #expect(world.ask("ann", "CREATE d:127.0.0.2") == ["RESULT CREATE d:127.0.0.2 0"])
        #expect(world.ask("ann", "CREATE c") == ["RESULT CREATE c 1"])
        #expect(world.ask("ann", "JOIN c:127.0.0.1") == ["RESULT JOIN c:127.0.0.1 1"])
        #expect(world.ask("ann", "SAY c:127.0.0.1 hi") == ["RECV ann c hi"])
        #expect(world.ask("ann", "SAY c:127.0.0.2 hi") == ["RESULT SAY 0"])
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c, c:127.0.0.2"])
        world.connect("x")
        #expect(world.ask("x", "JOIN c:127.0.0.2") == ["RESULT JOIN c:127.0.0.2 0"])
        #expect(world.heard("p") == ["FEDNEW c"])
    }

    @Test("a SAY goes to the peer and comes back as its FEDRECV; a failure is told a member")
    func says() {
        var world = makeJoined()
        #expect(world.ask("ann", "SAY c:127.0.0.2  hi  there").isEmpty)
        #expect(world.heard("p") == ["FEDSAY ann@127.0.0.1 c  hi  there"])
        world.send("p", "FEDRECV ann ann@127.0.0.1 c:127.0.0.2  hi  there")
        #expect(world.heard("ann") == ["RECV ann c:127.0.0.2  hi  there"])
        world.send("p", "FEDRESULT ann SAY c:127.0.0.2 0", "FEDRESULT ann SAY c:127.0.0.2 1")
        #expect(world.heard("ann") == ["RESULT SAY 0"])
        world.send("p", "FEDRESULT bob SAY c:127.0.0.2 0", "FEDRESULT zoe SAY c 0")
        #expect(world.heard("bob").isEmpty)
    }

    @Test("who speaks is named as the page says")
    func speakers() {
        var world = makeJoined()
        // The peer's own name for itself is what it wrote.
        world.send("p", "FEDJOIN x@p.example none")
        let shown = [
            "cid": "cid@127.0.0.2", "cid@127.0.0.2": "cid@127.0.0.2",
            "cid@127.0.0.2:4400": "cid@127.0.0.2", "cid@p.example": "cid@127.0.0.2",
            "bob@127.0.0.1": "bob", "dan@127.0.0.9:1": "dan@127.0.0.9",
        ]
        for (from, name) in shown {
            world.send("p", "FEDRECV ann@127.0.0.1 \(from) c:127.0.0.2 hi")
            #expect(world.heard("ann") == ["RECV \(name) c:127.0.0.2 hi"])
        }
        world.send("p", "FEDRECV ann cid@other c:other hi")
        #expect(world.heard("ann") == ["RECV cid@127.0.0.2 c:127.0.0.2 hi"])
        #expect(world.heard("bob").isEmpty)
    }

    @Test("a FEDRECV for who is not logged in, has not joined, or is nobody is dropped")
    func dropped() {
        var world = makeJoined()
        world.peer("q", at: "127.0.0.3")
        world.send("p", "FEDRECV bob cid c x", "FEDRECV nobody cid c x", "FEDRECV ann cid d x")
        // Another peer's channel of that name is another channel.
        world.send("q", "FEDRECV ann cid@127.0.0.2 c:127.0.0.2 x")
        #expect(world.heard("ann").isEmpty)
        #expect(world.heard("bob").isEmpty)
        world.close("ann")
        world.send("p", "FEDRECV ann cid c away")
        world.connect("ann")
        #expect(world.ask("ann", "LOGIN ann pwann") == ["RESULT LOGIN 1"])
        world.send("p", "FEDRECV ann cid c back")
        #expect(world.heard("ann") == ["RECV cid@127.0.0.2 c:127.0.0.2 back"])
    }

    @Test("after ten seconds a join is 0; a 1 that comes later makes the membership hold")
    func late() {
        var world = makeWorld()
        world.send("ann", "JOIN c:127.0.0.2", "CHANNELS")
        world.world.tell(seconds: 9.9)
        #expect(world.heard("ann").isEmpty)
        world.world.tell(seconds: 10)
        #expect(
            world.heard("ann") == ["RESULT JOIN c:127.0.0.2 0", "RESULT CHANNELS c:127.0.0.2"])
        world.send("p", "FEDRESULT ann JOIN c:127.0.0.2 1", "FEDRECV ann cid c hi")
        #expect(world.heard("ann") == ["RECV cid@127.0.0.2 c:127.0.0.2 hi"])
        world.send("p", "FEDRESULT ann JOIN c:127.0.0.2 1", "FEDRESULT bob JOIN c:127.0.0.2 1")
        #expect(world.heard("ann").isEmpty)
        #expect(world.ask("bob", "SAY c:127.0.0.2 x") == ["RESULT SAY 0"])
    }

    @Test("when a peer goes down its joins are 0, its channels leave, and talk to it fails")
    func down() {
        var world = makeJoined()
        world.send("bob", "JOIN c:127.0.0.2", "CHANNELS")
        world.close("p")
        #expect(world.heard("bob") == ["RESULT JOIN c:127.0.0.2 0", "RESULT CHANNELS "])
        #expect(world.ask("ann", "SAY c:127.0.0.2 x") == ["RESULT SAY 0"])
        #expect(world.ask("bob", "JOIN c:127.0.0.2") == ["RESULT JOIN c:127.0.0.2 0"])
    }

    @Test("when it comes back memberships are renewed, which no client sees; a 0 ends one")
    func renewed() {
        for hasStore in [false, true] {
            var world = makeJoined(hasStore: hasStore)
            world.close("p")
            world.link("p", from: "127.0.0.2")
            let heard = world.heard("p")
            #expect(
                heard == ["FEDERATE-CONFIRM", "FEDCHANNELS ", "FEDJOIN ann@127.0.0.1 c"])
            world.send("p", "FEDRESULT ann JOIN c:127.0.0.2 1")
            #expect(world.heard("ann").isEmpty)
            #expect(world.ask("ann", "SAY c:127.0.0.2 hi").isEmpty)
            #expect(world.heard("p") == ["FEDSAY ann@127.0.0.1 c hi"])
            world.close("p")
            world.peer("p", at: "127.0.0.2")
            world.send("p", "FEDRESULT ann JOIN c:127.0.0.2 0")
            #expect(world.heard("ann").isEmpty)
            #expect(world.ask("ann", "SAY c:127.0.0.2 hi") == ["RESULT SAY 0"])
        }
    }

    @Test(
        "of two links the first is spoken on, answers go where the question came, and one end is no end"
    )
    func twoLinks() {
        var world = makeJoined()
        world.link("p2", from: "127.0.0.2")
        #expect(world.heard("p2") == ["FEDERATE-CONFIRM", "FEDCHANNELS "])
        world.send("ann", "SAY c:127.0.0.2 1", "CREATE d")
        #expect(world.heard("p") == ["FEDSAY ann@127.0.0.1 c 1", "FEDNEW d"])
        #expect(world.ask("p2", "FEDJOIN x d") == ["FEDRESULT x JOIN d:127.0.0.1 1"])
        world.send("p2", "FEDRECV ann cid c 2")
        #expect(world.heard("ann").contains("RECV cid@127.0.0.2 c:127.0.0.2 2"))
        world.close("p")
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c:127.0.0.2, d"])
        world.send("ann", "SAY c:127.0.0.2 3")
        #expect(world.heard("p2") == ["FEDSAY ann@127.0.0.1 c 3"])
        world.close("p2")
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS d"])
    }

    @Test("a peer's list has its own channels alone")
    func lists() {
        var world = makeWorld()
        world.send("p", "FEDJOIN x@p.example none")
        world.send(
            "p", "FEDCHANNELS a, b:127.0.0.2,d:p.example, e:elsewhere, a b, , f:127.0.0.2:44",
            "FEDNEW g:elsewhere", "FEDNEW g:127.0.0.1", "FEDNEW h")
        let names = ["a", "b", "c", "d", "f", "h"].map { "\($0):127.0.0.2" }
        #expect(
            world.ask("ann", "CHANNELS")
                == ["RESULT CHANNELS " + names.joined(separator: ", ")])
    }

    @Test("FED messages of clients and of who has not asked change nothing")
    func spoofing() {
        var world = makeJoined()
        world.connect("x")
        for client in ["x", "bob"] {
            world.send(
                client, "FEDRECV ann cid c x", "FEDNEW z", "FEDJOIN q c", "FEDCHANNELS z",
                "FEDRESULT ann SAY c 0", "FEDERATE-OUT", "FEDNEW z")
            #expect(world.heard(client).isEmpty)
        }
        #expect(world.heard("ann").isEmpty)
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c:127.0.0.2"])
    }

    @Test("the source's example, by host names")
    func example() {
        var world = ChannelsWorld.federating("server2.com:4400\n", hostname: "server1.com")
        world.world.answerLookUps { _ in ["127.0.0.2"] }
        world.accept("server2", at: "127.0.0.2")
        world.send("server2", "FEDERATE-CONFIRM", "FEDCHANNELS helloworld")
        world.enter("bob")
        _ = world.heard("server2")
        world.send("bob", "JOIN helloworld:server2.com")
        #expect(world.heard("server2") == ["FEDJOIN bob@server1.com helloworld"])
        world.send("server2", "FEDRESULT bob JOIN helloworld:server2.com 1")
        #expect(world.heard("bob") == ["RESULT JOIN helloworld:server2.com 1"])
    }

    @Test("memberships across servers are stored, and there again after the start")
    func loads() {
        func blob(_ text: String) -> StoreValue { .blob(Array(text.utf8)) }
        var world = ChannelsWorld.federating(hasStore: true)
        let rows: [(String, [StoreValue])] = [
            ("account", [blob("ann"), .text(Array("#pwann".utf8))]),
            ("channel", [blob("own")]),
            ("member", [blob("c"), blob("127.0.0.2"), blob("ann"), blob("")]),
            ("member", [blob("own"), blob(""), blob("zoe"), blob("127.0.0.2")]),
            ("member", [blob("c"), blob("127.0.0.2"), blob("zoe"), blob("127.0.0.2")]),
        ]
        for (load, row) in rows { world.world.handle(.loaded(load, row: row)) }
        world.link("p", from: "127.0.0.2")
        #expect(
            world.heard("p") == [
                "FEDERATE-CONFIRM", "FEDCHANNELS own", "FEDJOIN ann@127.0.0.1 c",
            ])
        world.connect("ann")
        world.send("ann", "LOGIN ann pwann", "JOIN own", "SAY own hi")
        #expect(world.heard("p") == ["FEDRECV zoe ann@127.0.0.1 own:127.0.0.1 hi"])
    }
}
