// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@testable import ChatProtocols

@Suite("Rooms and moderators of json")
struct JSONChatRoomTests {
    private var moderated: JSONChatSettings {
        var settings = JSONChatSettings()
        settings.moderators = [Array("mod".utf8)]
        return settings
    }

    @Test("a room is created, listed, entered and left; what is said there stays there")
    func rooms() {
        var world = JSONChatWorld(JSONChatSettings(), "ann", "bob", "cid")
        world.send("ann", "create", "r")
        world.send("ann", "rooms")
        world.send("ann", "join", "r")
        #expect(
            world.heard("ann") == [
                "server info The room r is there now.", "server info common, r",
                "server info You are in the room r now.", "server history []",
            ])
        world.send("ann", "msg", "alone")
        world.send("bob", "msg", "outside")
        #expect(world.heard("ann") == ["ann message alone"])
        #expect(world.heard("cid") == ["bob message outside"])
        world.send("cid", "join", "r")
        #expect(
            world.heard("cid") == [
                "server info You are in the room r now.", "server history [ann message alone]",
            ])
        world.send("cid", "names")
        world.send("bob", "names")
        #expect(world.heard("cid") == ["server info ann, cid"])
        #expect(world.heard("bob") == ["bob message outside", "server info bob"])
        world.send("cid", "leave")
        world.send("ann", "msg", "again")
        world.send("bob", "msg", "back?")
        #expect(
            world.heard("cid") == [
                "server info You are back in the common room.", "bob message back?",
            ])
    }

    @Test("what cannot be done with rooms is an error")
    func errors() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send("ann", "create", "r")
        _ = world.heard("ann")
        let illegal =
            "server error The name of a room has 1 to 255 bytes, and neither white space nor commas in it."
        for (request, content, answer) in [
            ("create", "r", "server error There is a room r already."),
            ("create", "common", "server error There is a room common already."),
            ("create", "", illegal), ("create", "a b", illegal), ("create", "a,b", illegal),
            ("create", String(repeating: "r", count: 256), illegal),
            ("join", "q", "server error There is no room q."),
            ("leave", nil, "server error You are in the common room already."),
            ("rooms", nil, "server info common, r"),
        ] {
            world.send("ann", request, content)
            #expect(world.heard("ann") == [answer])
        }
    }

    @Test("the 1,025th room is refused")
    func tooManyRooms() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        for number in 1..<1024 { world.send("ann", "create", "r\(number)") }
        #expect(world.heard("ann").allSatisfy { $0.hasPrefix("server info The room") })
        world.send("ann", "create", "more")
        #expect(world.heard("ann") == ["server error There are too many rooms; join one of them."])
    }

    @Test("requests about rooms need a login")
    func needLogin() {
        var world = JSONChatWorld(moderated)
        world.connect("visitor")
        for request in ["rooms", "create", "join", "leave", "kick", "ban"] {
            world.send("visitor", request, "x")
            #expect(
                world.heard("visitor") == [
                    #"server error Log in first; before that only "login" and "help" are served."#
                ])
        }
    }

    @Test("kick ends a connection, and its user may log in again")
    func kick() {
        var world = JSONChatWorld(moderated, "mod", "ann")
        world.send("mod", "kick", "nobody")
        world.send("mod", "kick", "ann")
        #expect(
            world.heard("mod") == [
                "server error Nobody is logged in as nobody.", "server info ann is kicked out.",
            ])
        #expect(world.heard("ann") == ["server info You are kicked out by mod."])
        #expect(world.isClosing("ann"))
        world.connect("again")
        world.send("again", "login", "ann")
        #expect(world.heard("again").first == "server info You are logged in as ann.")
    }

    @Test("ban ends a connection, and bars the name, also of who is not there")
    func ban() {
        var world = JSONChatWorld(moderated, "mod", "ann")
        for name in ["ann", "eve", "ann", "mod", "a b"] { world.send("mod", "ban", name) }
        #expect(
            world.heard("mod") == [
                "server info The name ann is banned now.",
                "server info The name eve is banned now.",
                "server info The name ann is banned now.",
                "server error mod is a moderator and cannot be banned.",
                "server error A name has no characters but A-Z, a-z and 0-9.",
            ])
        #expect(world.heard("ann") == ["server info You are banned by mod."])
        #expect(world.isClosing("ann"))
        world.connect("other")
        for name in ["ann", "eve"] {
            world.send("other", "login", name)
            #expect(world.heard("other") == ["server error The name \(name) is banned."])
        }
    }

    @Test("remove takes the n-th newest message out of the room's history and tells the room")
    func remove() {
        var world = JSONChatWorld(moderated, "mod", "ann")
        for text in ["1", "2", "3", "4"] { world.send("ann", "msg", text) }
        _ = (world.heard("ann"), world.heard("mod"))
        world.send("mod", "remove", "2")
        world.send("mod", text: #"{"request":"remove","content":1}"#)
        for content in ["3", "0", "x", "-1", ""] { world.send("mod", "remove", content) }
        let told = "server info mod has removed a message from the history."
        #expect(world.heard("ann") == [told, told])
        let noNumber =
            #"server error The "content" of "remove" must be a whole number; 1 is the newest message."#
        let tooFew = "server error The history of this room has not so many messages."
        #expect(
            world.heard("mod") == [told, told, tooFew, noNumber, noNumber, noNumber, noNumber])
        world.send("ann", "join", "common")
        #expect(world.heard("ann").last == "server history [ann message 1|ann message 2]")
    }

    @Test("who is no moderator may not, and nothing changes")
    func onlyModerators() {
        var world = JSONChatWorld(moderated, "mod", "ann")
        world.send("mod", "msg", "x")
        _ = (world.heard("ann"), world.heard("mod"))
        for (request, content) in [("kick", "mod"), ("ban", "mod"), ("remove", "1")] {
            world.send("ann", request, content)
            #expect(world.heard("ann") == ["server error Only moderators may do that."])
        }
        #expect(world.heard("mod").isEmpty)
        world.send("ann", "join", "common")
        #expect(world.heard("ann").last == "server history [mod message x]")
    }

    @Test("a room remembers its newest 10,000 messages")
    func historyMessages() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        for number in 0...10_000 { world.send("ann", "msg", "\(number)") }
        _ = world.heardBytes("ann")
        world.send("ann", "join", "common")
        let history = JSONChatWorld.responses(world.heardBytes("ann")).last?["content"]?.value
            .elements
        #expect(history?.count == 10_000)
        #expect(history?.first?.value.text?.contains(#""content":"1""#) == true)
    }

    @Test("a room remembers 4 MiB, all rooms together 64 MiB; the newest message always")
    func historyBytes() {
        var rooms = JSONChatRooms()
        let half = [UInt8](repeating: 0x78, count: 1 << 19)
        for room in 0..<40 {
            if room > 0 { rooms.create(Array("r\(room)".utf8)) }
            for number in 0..<9 {
                rooms.remember(.init(number: Int64(number), element: half), in: room)
            }
            if room == 0 { #expect(rooms.histories[0].byteCount == 4 << 20) }
        }
        let bytes = rooms.histories.map(\.byteCount)
        #expect(bytes.reduce(0, +) == 64 << 20)
        #expect((bytes.max() ?? 0) <= 4 << 20)
        rooms.remember(.init(number: 9, element: half + half + half), in: 3)
        #expect(rooms.histories.map(\.byteCount).reduce(0, +) <= 64 << 20)
        var history = JSONChatHistory()
        history.insert(.init(number: 1, element: [UInt8](repeating: 0, count: 5 << 20)))
        #expect(!history.isTooLong)
    }
}
