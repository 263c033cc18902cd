// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("What is logged of other servers")
struct ChannelsLogTests {
    @Test("every refusal is one line with the peer, the reason and what it was about")
    func refusals() {
        let cases = [
            ("FEDJOIN x no", "a FEDJOIN of what is no channel here: \"no\""),
            ("FEDJOIN x c:other", "a FEDJOIN of what is no channel here: \"c:other\""),
            ("FEDSAY x no hi", "a FEDSAY to what is no channel here: \"no\""),
            ("FEDSAY x@h c hi", "a FEDSAY of a user who has not joined: \"x\""),
            ("FEDNEW n:other", "a FEDNEW with a name that is no channel of its: \"n:other\""),
            (
                "FEDCHANNELS a, a@@b, b:x, ",
                "a FEDCHANNELS with 3 names that are no channel of its: \"a@@b\""
            ),
            (
                "FEDRESULT ann SAY c 0",
                "a FEDRESULT SAY for a user who has not joined the channel: \"ann\""
            ),
            ("FEDRESULT ann JOIN c 0", "a FEDRESULT JOIN that nobody waits for: \"ann\""),
            (
                "FEDRECV ann x c hi",
                "a FEDRECV for a user who has not joined the channel: \"ann\""
            ),
            ("FEDERATE-OUT", "a needless FEDERATE-OUT: \"FEDERATE-OUT\""),
            ("FEDERATE-CONFIRM", "a needless FEDERATE-CONFIRM"),
            ("LOGIN ann secret", "a line that is no message of a peer: \"LOGIN\""),
            ("FEDSAY x secret", "a FEDSAY that is not \"FEDSAY user channel text\": \"FEDSAY\""),
        ]
        for (line, reason) in cases {
            var world = ChannelsWorld.withPeer()
            world.send("p", line)
            #expect(world.world.logged == ["peer 127.0.0.2: \(reason)"])
        }
    }

    @Test("what is shown of a line is cut")
    func cut() {
        var world = ChannelsWorld.withPeer()
        world.send("p", "FEDJOIN \(String(repeating: "u", count: 300)) c")
        let shown = "FEDJOIN " + String(repeating: "u", count: 72)
        #expect(world.world.logged.first?.hasSuffix(": \"\(shown)\" ...") == true)
    }

    @Test("a line that is too long and one that is not whole at the end are logged, once")
    func ends() {
        var world = ChannelsWorld.withPeer()
        world.send("p", text: String(repeating: "x", count: 128 * 1024 + 1))
        world.close("p")
        #expect(
            world.world.logged == ["peer 127.0.0.2: a line of more than 131072 bytes ends the link"]
        )
        for isReset in [false, true] {
            world = ChannelsWorld.withPeer()
            world.send("p", text: "FEDNEW x")
            if !isReset { world.closeInput("p") }
            world.close("p")
            #expect(
                world.world.logged == [
                    "peer 127.0.0.2: the link ends within a line, which is dropped"
                ])
        }
    }

    @Test("messages of peers on what is no link are logged, where servers federate")
    func strays() {
        var world = ChannelsWorld.withPeer()
        world.connect("x")
        for client in ["x", "ann"] {
            world.send(client, "FEDJOIN a c", "FEDERATE-OUT", "FEDX", "x")
        }
        let join = "a client: a message of a peer on what is no link: \"FEDJOIN a c\""
        #expect(world.world.logged.count == 4)
        #expect(world.world.logged.first == join)
        #expect(world.world.loggedAbout == 4)
        var alone = ChannelsWorld()
        alone.connect("x")
        alone.send("x", "FEDJOIN a c")
        #expect(alone.world.logged.isEmpty)
    }

    @Test("past twenty lines in a second a peer's lines are counted, and another's are logged")
    func bound() {
        var world = ChannelsWorld.withPeer()
        world.peer("q", at: "127.0.0.3")
        world.send("p", text: String(repeating: "\n", count: 5000))
        #expect(world.world.logged.count == 20)
        world.send("q", "x")
        #expect(world.world.logged.count == 21)
        #expect(world.world.wakesAt.map { $0 <= 1_000_000_000 } == true)
        world.world.tell(seconds: 1)
        #expect(world.world.logged.last == "peer 127.0.0.2: and 4980 more")
        world.send("p", "x")
        #expect(world.world.logged.count == 23)
        world.world.tell(seconds: 5)
        #expect(world.world.logged.count == 23)
    }
}
