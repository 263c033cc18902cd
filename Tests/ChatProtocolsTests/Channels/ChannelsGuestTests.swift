// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Users of other servers in channels of this one")
struct ChannelsGuestTests {
    @Test("a FEDJOIN is answered, and a new member told the history; again it is 1 alone")
    func joins() {
        for hasStore in [false, true] {
            var world = ChannelsWorld.withPeer(hasStore: hasStore)
            world.send("ann", "SAY c one", "SAY c two")
            #expect(
                world.ask("p", "FEDJOIN bob@p.example c") == [
                    "FEDRESULT bob JOIN c:127.0.0.1 1",
                    "FEDRECV bob ann@127.0.0.1 c:127.0.0.1 one",
                    "FEDRECV bob ann@127.0.0.1 c:127.0.0.1 two",
                ])
            #expect(
                world.ask("p", "FEDJOIN bob@p.example c") == ["FEDRESULT bob JOIN c:127.0.0.1 1"])
            #expect(
                world.ask("p", "FEDJOIN eve c:127.0.0.1") == [
                    "FEDRESULT eve JOIN c:127.0.0.1 1",
                    "FEDRECV eve ann@127.0.0.1 c:127.0.0.1 one",
                    "FEDRECV eve ann@127.0.0.1 c:127.0.0.1 two",
                ])
            for wrong in ["FEDJOIN bob none", "FEDJOIN bob none:127.0.0.1"] {
                #expect(world.ask("p", wrong) == ["FEDRESULT bob JOIN none:127.0.0.1 0"])
            }
            #expect(
                world.ask("p", "FEDJOIN bob c:elsewhere") == ["FEDRESULT bob JOIN c:127.0.0.1 0"])
        }
    }

    @Test("what a guest says reaches local members, and its server by FEDRECV, once")
    func says() {
        for hasStore in [false, true] {
            var world = ChannelsWorld.withPeer(hasStore: hasStore)
            world.peer("q", at: "127.0.0.3")
            world.send("p", "FEDJOIN bob@p.example:4400 c")
            world.send("q", "FEDJOIN dan@127.0.0.3 c")
            _ = (world.heard("p"), world.heard("q"))
            world.send("p", "FEDSAY bob@p.example c  hi  there")
            #expect(world.heard("ann") == ["RECV bob@127.0.0.2 c  hi  there"])
            #expect(world.heard("p") == ["FEDRECV bob bob@p.example c:127.0.0.1  hi  there"])
            #expect(world.heard("q") == ["FEDRECV dan bob@127.0.0.2 c:127.0.0.1  hi  there"])
            world.send("ann", "SAY c ho")
            #expect(world.heard("ann") == ["RECV ann c ho"])
            #expect(world.heard("p") == ["FEDRECV bob ann@127.0.0.1 c:127.0.0.1 ho"])
            #expect(world.heard("q") == ["FEDRECV dan ann@127.0.0.1 c:127.0.0.1 ho"])
        }
    }

    @Test("a FEDSAY of who has not joined, or to no channel, is refused and reaches nobody")
    func refused() {
        var world = ChannelsWorld.withPeer()
        world.peer("q", at: "127.0.0.3")
        world.send("p", "FEDJOIN bob@127.0.0.2 c")
        _ = world.heard("p")
        #expect(world.ask("p", "FEDSAY eve c x") == ["FEDRESULT eve SAY c:127.0.0.1 0"])
        #expect(world.ask("p", "FEDSAY bob none x") == ["FEDRESULT bob SAY none:127.0.0.1 0"])
        #expect(world.ask("p", "FEDSAY bob c:x x") == ["FEDRESULT bob SAY c:127.0.0.1 0"])
        // The link decides whose bob that is.
        #expect(world.ask("q", "FEDSAY bob@127.0.0.2 c x") == ["FEDRESULT bob SAY c:127.0.0.1 0"])
        #expect(world.ask("p", "FEDSAY ann@127.0.0.1 c x") == ["FEDRESULT ann SAY c:127.0.0.1 0"])
        #expect(world.heard("ann").isEmpty)
        #expect(world.world.logged.count == 5)
    }

    @Test("a local user and a guest of one name are two")
    func noClash() {
        var world = ChannelsWorld.withPeer()
        world.send("p", "FEDJOIN ann@127.0.0.2 c", "FEDSAY ann@127.0.0.2 c hi")
        #expect(world.heard("ann") == ["RECV ann@127.0.0.2 c hi"])
        #expect(world.ask("ann", "SAY c ho") == ["RECV ann c ho"])
    }

    @Test("messages for members whose server is down are lost; they stay members")
    func down() {
        var world = ChannelsWorld.withPeer()
        world.send("p", "FEDJOIN bob c")
        world.close("p")
        #expect(world.ask("ann", "SAY c lost") == ["RECV ann c lost"])
        world.peer("p", at: "127.0.0.2")
        world.send("ann", "SAY c back")
        #expect(world.heard("p") == ["FEDRECV bob ann@127.0.0.1 c:127.0.0.1 back"])
        #expect(world.ask("p", "FEDJOIN bob c") == ["FEDRESULT bob JOIN c:127.0.0.1 1"])
    }

    @Test("FEDRECVs go over the link of the last FEDJOIN while it is open, then over the other")
    func twoLinks() {
        var world = ChannelsWorld.withPeer()
        world.peer("p2", at: "127.0.0.2")
        world.send("p2", "FEDJOIN bob c")
        _ = world.heard("p2")
        world.send("ann", "CREATE d", "SAY c 1")
        #expect(world.heard("p") == ["FEDNEW d"])
        #expect(world.heard("p2") == ["FEDRECV bob ann@127.0.0.1 c:127.0.0.1 1"])
        world.close("p2")
        world.send("ann", "SAY c 2")
        #expect(world.heard("p") == ["FEDRECV bob ann@127.0.0.1 c:127.0.0.1 2"])
    }

    @Test("a join is answered when it is stored, and what is said behind it waits; messages do not")
    func stores() {
        var world = ChannelsWorld.withPeer(hasStore: true)
        world.isPrompt = false
        world.send("p", "FEDJOIN bob c", "FEDSAY bob c 1", "FEDSAY bob c 2", "FEDSAY eve c 3")
        #expect(world.world.writes.count == 1)
        #expect(world.heard("p").isEmpty)
        world.world.store()
        #expect(world.heard("p") == ["FEDRESULT bob JOIN c:127.0.0.1 1"])
        #expect(world.world.writes.count == 2)
        world.send("p", "FEDNEW x")
        world.world.store()
        #expect(
            world.heard("p") == [
                "FEDRECV bob bob@127.0.0.2 c:127.0.0.1 1",
                "FEDRECV bob bob@127.0.0.2 c:127.0.0.1 2",
                "FEDRESULT eve SAY c:127.0.0.1 0",
            ])
        world.send("p", "FEDJOIN cid c")
        world.world.store { _ in .full }
        #expect(world.heard("p") == ["FEDRESULT cid JOIN c:127.0.0.1 0"])
        world.send("p", "FEDSAY bob c lost")
        world.world.store { _ in .full }
        #expect(world.heard("p") == ["FEDRESULT bob SAY c:127.0.0.1 0"])
        #expect(world.heard("ann") == ["RECV bob@127.0.0.2 c 1", "RECV bob@127.0.0.2 c 2"])
    }

    @Test("malformed lines change nothing, are logged, and the link is served on")
    func malformed() {
        var world = ChannelsWorld.withPeer()
        let wrong = [
            "FEDJOIN", "FEDJOIN bob", "FEDJOIN bob ", "FEDJOIN bob c d", "FEDJOIN @x c",
            "FEDJOIN bob :x", "FEDSAY bob c", "FEDSAY bob c ", "FEDRECV a b c",
            "FEDRESULT a JOIN c",
            "FEDRESULT a JOIN c 2", "FEDRESULT a LOGIN c 1", "FEDNEW", "FEDNEW a b", "FEDNEW a,b",
            "FED", "", "FEDJOIN bob@a@b c", "FEDJOIN bob@ c", "LOGIN ann pwann",
        ]
        for (number, line) in wrong.enumerated() {
            // Not so many in a second that some are left out.
            world.world.tell(seconds: Double(number))
            #expect(world.ask("p", line).isEmpty, "\(line)")
        }
        world.send("p", bytes: Array("FEDNEW ".utf8) + [0xFF, 0x0A])
        #expect(world.world.logged.count == wrong.count + 1)
        #expect(world.world.logged.allSatisfy { $0.hasPrefix("peer 127.0.0.2: ") })
        #expect(world.ask("p", "FEDJOIN bob c") == ["FEDRESULT bob JOIN c:127.0.0.1 1"])
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c"])
    }
}
