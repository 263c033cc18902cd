// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

/// With a store and without one clients see the same.
private let both = [ChannelsSettings(), ChannelsWorld.stored]

@Suite("The server of channels")
struct ChannelsServerTests {
    @Test("who registers may log in, from any connection, with that password alone")
    func accounts() {
        for settings in both {
            var world = ChannelsWorld(settings)
            world.connect("a", "b")
            #expect(world.ask("a", "LOGIN ann x") == ["RESULT LOGIN 0"])
            #expect(world.ask("a", "REGISTER ann x") == ["RESULT REGISTER 1"])
            #expect(world.ask("b", "REGISTER ann y") == ["RESULT REGISTER 0"])
            #expect(world.ask("b", "LOGIN ann y") == ["RESULT LOGIN 0"])
            #expect(world.ask("b", "LOGIN ann X") == ["RESULT LOGIN 0"])
            #expect(world.ask("b", "LOGIN Ann x") == ["RESULT LOGIN 0"])
            #expect(world.ask("b", "LOGIN ann x") == ["RESULT LOGIN 1"])
            #expect(world.ask("b", "LOGIN ann x") == ["RESULT LOGIN 0"])
            #expect(world.ask("a", "LOGIN ann x") == ["RESULT LOGIN 0"])
            #expect(world.ask("b", "REGISTER bob y") == ["RESULT REGISTER 1"])
            #expect(world.ask("a", "LOGIN bob y") == ["RESULT LOGIN 1"])
        }
    }

    @Test("before the login channels are listed, and nothing else is done")
    func visitor() {
        var world = ChannelsWorld(ChannelsSettings(), "ann")
        world.send("ann", "CREATE c", "JOIN c")
        _ = world.heard("ann")
        world.connect("x")
        #expect(world.ask("x", "CREATE d") == ["RESULT CREATE d 0"])
        #expect(world.ask("x", "JOIN c") == ["RESULT JOIN c 0"])
        #expect(world.ask("x", "SAY c hi") == ["RESULT SAY 0"])
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS c"])
        #expect(world.heard("ann").isEmpty)
    }

    @Test("channels are made once, joined once, and listed sorted by bytes")
    func channels() {
        for settings in both {
            var world = ChannelsWorld(settings, "ann", "bob")
            #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS "])
            for name in ["b", "é", "a", "B", "ab"] {
                #expect(world.ask("ann", "CREATE \(name)") == ["RESULT CREATE \(name) 1"])
            }
            #expect(world.ask("bob", "CREATE a") == ["RESULT CREATE a 0"])
            #expect(world.ask("bob", "CHANNELS") == ["RESULT CHANNELS B, a, ab, b, é"])
            #expect(world.ask("ann", "SAY a hi") == ["RESULT SAY 0"])
            #expect(world.ask("ann", "JOIN a") == ["RESULT JOIN a 1"])
            #expect(world.ask("ann", "JOIN a") == ["RESULT JOIN a 0"])
            #expect(world.ask("ann", "JOIN A") == ["RESULT JOIN A 0"])
            #expect(world.ask("ann", "SAY a hi") == ["RECV ann a hi"])
            #expect(world.ask("ann", "SAY none hi") == ["RESULT SAY 0"])
            #expect(world.heard("bob").isEmpty)
        }
    }

    @Test("what is said reaches every member once, as it was said, and nobody else")
    func talk() {
        for settings in both {
            var world = ChannelsWorld(settings, "ann", "bob", "cid", "dan")
            world.send("ann", "CREATE c", "CREATE d", "JOIN c", "JOIN d")
            world.send("bob", "JOIN c")
            world.send("cid", "JOIN d")
            for name in ["ann", "bob", "cid"] { _ = world.heard(name) }
            let texts = ["hi", " two  spaces ", "RECV x c y", ":a:b", "猫 🐱 é\u{301}", "CHANNELS"]
            for text in texts {
                #expect(world.ask("ann", "SAY c \(text)") == ["RECV ann c \(text)"])
                #expect(world.heard("bob") == ["RECV ann c \(text)"])
            }
            #expect(world.ask("bob", "SAY d hi") == ["RESULT SAY 0"])
            #expect(world.ask("cid", "SAY d ho") == ["RECV cid d ho"])
            #expect(world.heard("ann") == ["RECV cid d ho"])
            #expect(world.heard("bob").isEmpty)
            #expect(world.heard("dan").isEmpty)
        }
    }

    @Test("names have 1 to 255 bytes and none that stands before a host or in a list")
    func names() {
        var world = ChannelsWorld(ChannelsSettings(), "ann")
        let longest = String(repeating: "é", count: 127) + "x"
        for name in [longest, "张三", "\u{0}", "a,b"] {
            #expect(world.ask("ann", "REGISTER \(name) p") == ["RESULT REGISTER 1"])
        }
        for name in [longest + "x", "a@b", "a:b", "@", ":"] {
            #expect(world.ask("ann", "REGISTER \(name) p") == ["RESULT REGISTER 0"])
        }
        for name in [longest, "张三", "\u{0}"] {
            #expect(world.ask("ann", "CREATE \(name)") == ["RESULT CREATE \(name) 1"])
        }
        for name in [longest + "x", "a@b", "a:b", "a,b"] {
            #expect(world.ask("ann", "CREATE \(name)") == ["RESULT CREATE \(name) 0"])
            #expect(world.ask("ann", "JOIN \(name)") == ["RESULT JOIN \(name) 0"])
        }
    }

    @Test("what is no command is answered with nothing, and the next line is served")
    func ignores() {
        var world = ChannelsWorld(ChannelsSettings(), "ann")
        world.send("ann", "CREATE c", "JOIN c")
        _ = world.heard("ann")
        let wrong = [
            "", " ", "x", "channels", "CHANNELS ", "CHANNELS c", " CHANNELS", "LOGIN", "LOGIN a",
            "LOGIN u p q", "REGISTER u p ", "REGISTER  u p", "CREATE", "CREATE ", "CREATE a b",
            "JOIN", "JOIN c ", "SAY", "SAY c", "SAY c ", "SAY  c x", "RECV ann c x",
            "RESULT JOIN c 1", "FEDJOIN a@b c", "FEDERATE-CONFIRM",
        ]
        for line in wrong { #expect(world.ask("ann", line).isEmpty, "\(line)") }
        world.send("ann", bytes: Array("SAY c ".utf8) + [0xFF, 0x0A, 0xC3, 0x0A])
        #expect(world.heard("ann").isEmpty)
        #expect(world.ask("ann", "CHANNELS\r") == ["RESULT CHANNELS c"])
        #expect(world.ask("ann", "SAY c x\r") == ["RECV ann c x"])
        #expect(world.ask("ann", "SAY c x\r\r") == ["RECV ann c x\r"])
        #expect(world.ask("ann", "\r").isEmpty)
    }

    @Test("who joins is told the last messages, oldest first, and then what is said")
    func history() {
        for var settings in both {
            settings.historyLength = 3
            var world = ChannelsWorld(settings, "ann", "bob", "cid")
            world.send("ann", "CREATE c", "JOIN c", "SAY c 1", "SAY c 2")
            #expect(
                world.ask("bob", "JOIN c") == [
                    "RESULT JOIN c 1", "RECV ann c 1", "RECV ann c 2",
                ])
            world.send("bob", "SAY c 3", "SAY c 4")
            #expect(world.heard("bob") == ["RECV bob c 3", "RECV bob c 4"])
            #expect(
                world.ask("cid", "JOIN c") == [
                    "RESULT JOIN c 1", "RECV ann c 2", "RECV bob c 3", "RECV bob c 4",
                ])
            #expect(world.ask("cid", "JOIN c") == ["RESULT JOIN c 0"])
        }
        var settings = ChannelsSettings()
        settings.historyLength = 0
        var world = ChannelsWorld(settings, "ann", "bob")
        world.send("ann", "CREATE c", "JOIN c", "SAY c 1")
        #expect(world.ask("bob", "JOIN c") == ["RESULT JOIN c 1"])
    }

    @Test("a membership outlives the connection, and nothing comes while its user is away")
    func membership() {
        var world = ChannelsWorld(ChannelsSettings(), "ann", "bob")
        world.send("ann", "CREATE c", "JOIN c")
        world.send("bob", "JOIN c")
        world.close("bob")
        world.send("ann", "SAY c away")
        world.connect("bob")
        world.send("ann", "SAY c visitor")
        #expect(world.ask("bob", "LOGIN bob pwbob") == ["RESULT LOGIN 1"])
        world.send("ann", "SAY c back")
        #expect(world.heard("bob") == ["RECV ann c back"])
        #expect(world.ask("bob", "JOIN c") == ["RESULT JOIN c 0"])
    }

    @Test(
        "at the end of the input whole lines are answered, half a line is not, and the name is free"
    )
    func endOfInput() {
        for settings in both {
            var world = ChannelsWorld(settings, "ann", "bob")
            world.send("ann", "CREATE c", "JOIN c")
            world.send("bob", "JOIN c")
            _ = (world.heard("ann"), world.heard("bob"))
            world.send("ann", text: "SAY c one\nSAY c two")
            world.closeInput("ann")
            #expect(world.heard("ann") == ["RECV ann c one"])
            #expect(world.heard("bob") == ["RECV ann c one"])
            #expect(world.isClosing("ann"))
            world.connect("other")
            #expect(world.ask("other", "LOGIN ann pwann") == ["RESULT LOGIN 1"])
        }
    }

    @Test("64 KiB are a line, one byte more ends the connection behind what came before")
    func longLines() {
        var world = ChannelsWorld(ChannelsWorld.stored, "ann")
        world.send("ann", "CREATE c", "JOIN c")
        _ = world.heard("ann")
        let text = String(repeating: "x", count: Limits.channelsLine - 6)
        #expect(world.ask("ann", "SAY c \(text)") == ["RECV ann c \(text)"])
        world.isPrompt = false
        world.send("ann", text: "SAY c last\nSAY c \(text)x")
        world.send("ann", text: "\nCHANNELS\n")
        #expect(!world.isClosing("ann"))
        world.isPrompt = true
        world.attend()
        #expect(world.heard("ann") == ["RECV ann c last"])
        #expect(world.isClosing("ann"))
        #expect(
            world.world.logged == ["a line of more than 65536 bytes: the connection is ended"])
    }

    @Test("every cut of a stream in two, and single bytes, are answered the same")
    func cuts() {
        let stream = Array(
            "REGISTER 猫 p\nLOGIN 猫 p\nCREATE c\nJOIN c\nSAY c hé 🐱\r\nCHANNELS\n".utf8)
        let answers = [
            "RESULT REGISTER 1", "RESULT LOGIN 1", "RESULT CREATE c 1", "RESULT JOIN c 1",
            "RECV 猫 c hé 🐱", "RESULT CHANNELS c",
        ]
        for place in 0...stream.count {
            var world = ChannelsWorld(ChannelsWorld.stored)
            world.connect("a")
            world.send("a", bytes: Array(stream[..<place]))
            world.send("a", bytes: Array(stream[place...]))
            #expect(world.heard("a") == answers)
        }
        var world = ChannelsWorld(ChannelsWorld.stored)
        world.connect("a")
        for byte in stream { world.send("a", bytes: [byte]) }
        #expect(world.heard("a") == answers)
    }

    @Test("half lines of two clients do not mix")
    func perConnection() {
        var world = ChannelsWorld(ChannelsSettings(), "ann", "bob")
        world.send("ann", text: "CREA")
        world.send("bob", text: "CREATE b")
        world.send("ann", text: "TE a\n")
        world.send("bob", text: "b\n")
        #expect(world.heard("ann") == ["RESULT CREATE a 1"])
        #expect(world.heard("bob") == ["RESULT CREATE bb 1"])
    }
}
