// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Testing

@Suite("The server of padded")
struct PaddedServerTests {
    @Test(
        "the first frame is the name, and is not answered",
        arguments: ["alice", "/list", "/join x", ""]
    )
    func firstFrameIsTheName(_ name: String) {
        var world = PaddedWorld("host")
        world.send("host", "/create room")
        world.connect("client", named: name)
        #expect(world.heard("client").isEmpty)
        world.send("client", "/join room")
        #expect(world.heard("host") == ["\(name) has joined"])
        #expect(world.heard("client").isEmpty)
    }

    @Test("a text reaches everyone else in the channel and nobody anywhere else")
    func saysInTheChannel() {
        var world = PaddedWorld("ann", "bob", "cid", "eve", "fay")
        world.send("ann", "/create room")
        world.send("bob", "/join room")
        world.send("cid", "/join room")
        world.send("eve", "/create other")
        for name in ["ann", "bob"] { _ = world.heard(name) }
        world.send("bob", "  hi  there [x] y / z")
        #expect(world.heard("ann") == ["[bob]   hi  there [x] y / z"])
        #expect(world.heard("cid") == ["[bob]   hi  there [x] y / z"])
        for name in ["bob", "eve", "fay"] { #expect(world.heard(name).isEmpty) }
    }

    @Test("name, /create and text in one segment are all done, in order")
    func coalesced() {
        var world = PaddedWorld()
        world.connect("ann")
        world.send("ann", "ann", "/create room", "alone", "/list", "/no")
        #expect(
            world.heard("ann") == [
                "room",
                "/no is not a valid control message. Valid messages are /create, /list, and /join.",
            ]
        )
    }

    @Test("half frames of two clients never mix")
    func interleaved() {
        var world = PaddedWorld("ann", "bob")
        let (one, other) = (frame("/one"), frame("/other"))
        for index in 0..<200 {
            world.send("ann", bytes: [one[index]])
            world.send("bob", bytes: [other[index]])
        }
        #expect(world.heard("ann").first?.hasPrefix("/one is not") == true)
        #expect(world.heard("bob").first?.hasPrefix("/other is not") == true)
    }

    @Test(
        "who moves is told to the old channel, then to the new one",
        arguments: ["/join", "/create"]
    )
    func moves(_ command: String) {
        var world = PaddedWorld("ann", "bob", "cid")
        world.send("ann", "/create old")
        world.send("bob", "/join old")
        world.send("cid", "/create there")
        _ = world.heard("ann")
        world.send("bob", command == "/join" ? "/join there" : "/create new")
        #expect(world.heard("ann") == ["bob has left"])
        #expect(world.heard("cid") == (command == "/join" ? ["bob has joined"] : []))
        world.send("ann", "anyone?")
        #expect(world.heard("bob").isEmpty)
    }

    @Test("joining one's own channel changes nothing and tells nobody")
    func rejoins() {
        var world = PaddedWorld("ann", "bob")
        world.send("ann", "/create room")
        world.send("bob", "/join room", "/join room")
        #expect(world.heard("ann") == ["bob has joined"])
        world.send("ann", "hi")
        #expect(world.heard("bob") == ["[ann] hi"])
    }

    @Test(
        "an error is told to its sender alone and changes nothing",
        arguments: [
            ("/join", "/join command must be followed by the name of a channel to join."),
            ("/create", "/create command must be followed by the name of a channel to create"),
            ("/join  no such", "No channel named no such exists. Try '/create no such'?"),
            ("/create room", "Room room already exists, so cannot be created."),
            ("/create other", "Room other already exists, so cannot be created."),
            (
                "/x y",
                "/x y is not a valid control message. Valid messages are /create, /list, and /join."
            ),
        ]
    )
    func refuses(_ message: String, _ answer: String) {
        var world = PaddedWorld("ann", "bob", "cid")
        world.send("ann", "/create room")
        world.send("cid", "/create other")
        world.send("bob", "/join room")
        _ = world.heard("ann")
        world.send("bob", message)
        #expect(world.heard("bob") == [answer])
        #expect(world.heard("ann").isEmpty)
        #expect(world.heard("cid").isEmpty)
        world.send("bob", "still here")
        #expect(world.heard("ann") == ["[bob] still here"])
    }

    @Test("a text outside any channel is refused, a blank frame is ignored everywhere")
    func outside() {
        var world = PaddedWorld("ann", "bob")
        world.send("bob", "/create room")
        world.send("ann", "hi", "", " \t\r\n\u{B}\u{C}")
        #expect(
            world.heard("ann") == [
                "Not currently in any channel. Must join a channel before sending messages."
            ]
        )
        world.send("ann", "/join room", "", "\n")
        #expect(world.heard("bob") == ["ann has joined"])
    }

    @Test("channel names are bytes: with inner spaces, of 192 bytes, and not canonically equal")
    func channelNames() {
        let long = String(repeating: "c", count: 192)
        var world = PaddedWorld("ann", "bob", "cid")
        world.send("ann", "/create my  chan", "/create \(long)", "/create e\u{301}")
        world.send("bob", "/create \u{e9}", "/join \(long)")
        #expect(world.heard("bob").isEmpty)
        world.send("cid", "/create \(long.dropLast())", "/list")
        #expect(
            world.heardBytes("cid")
                == frame("my  chan") + frame("\(long)\ne\u{301}\n\u{e9}")
                + frame("\(long.dropLast())")
        )
    }

    @Test("two clients may share a name")
    func sharedNames() {
        var world = PaddedWorld()
        for client in ["one", "two"] { world.connect(client, named: "ann") }
        world.send("one", "/create room")
        world.send("two", "/join room", "hi")
        #expect(world.heard("one") == ["ann has joined", "[ann] hi"])
        world.close("one")
        #expect(world.heard("two") == ["ann has left"])
    }

    @Test("texts that follow each other at once become one effect, in order")
    func burst() {
        var world = PaddedWorld("ann", "bob", "cid")
        world.send("ann", "/create room")
        world.send("bob", "/join room")
        world.send("cid", "/join room")
        _ = (world.heard("ann"), world.heard("bob"))
        let spoken = (0..<50).map { "text \($0)" }
        world.send("ann", bytes: spoken.flatMap { frame($0) })
        #expect(world.heard("bob") == spoken.map { "[ann] " + $0 })
        #expect(world.heard("cid") == spoken.map { "[ann] " + $0 })
    }
}
