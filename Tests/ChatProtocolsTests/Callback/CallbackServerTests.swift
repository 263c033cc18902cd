// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("The server of callback")
struct CallbackServerTests {
    typealias World = CallbackWorld

    @Test("the right password logs in, anything else does not, and one may try again")
    func logsIn() {
        var world = World()
        world.connect("ann")
        for wrong in ["ann x", "ann pw-bob", "ann PW-ANN", "Ann pw-ann", "zoe pw-zoe"] {
            #expect(world.ask("ann", "/login \(wrong)") == ["102 Authentication failed"])
        }
        #expect(world.ask("ann", "/login ann pw-ann") == ["101 Authentication successful"])
    }

    @Test("who is online cannot log in again, nor can a user log in as somebody else")
    func logsInOnce() {
        var world = World("ann")
        world.connect("two")
        #expect(world.ask("two", "/login ann pw-ann") == ["102 Authentication failed"])
        #expect(world.ask("ann", "/login bob pw-bob") == ["102 Authentication failed"])
        #expect(world.ask("ann", "/list") == ["301 ann"])
        world.close("ann")
        #expect(world.ask("two", "/login ann pw-ann") == ["101 Authentication successful"])
    }

    @Test(
        "before the login everything else is unrecognized and does nothing",
        arguments: [
            "/list", "/exit", "/to bob hi", "/toall hi", "/port 5000", "/login", "/login ann",
            "/login ann pw-ann x", "/login  ann pw-ann", "/login ann ", "/LOGIN ann pw-ann", "",
        ]
    )
    func requiresLogin(_ line: String) {
        var world = World("bob")
        world.connect("ann")
        #expect(world.ask("ann", line) == [World.unrecognized])
        #expect(world.world.connects.isEmpty)
        #expect(world.heard("bob.b").isEmpty)
        #expect(!world.isClosing("ann"))
        #expect(world.ask("ann", "/login ann pw-ann") == ["101 Authentication successful"])
    }

    @Test(
        "what is malformed is unrecognized, and the session goes on",
        arguments: [
            "/to", "/to ", "/to bob", "/to bob ", "/to  bob hi", "/toall", "/toall ", "/list x",
            "/list ", "/exit x", "/exit ", "/LIST", "/Exit", "list", "", " ", "hello", "/from x y",
            "/port", "/port ", "/port abc", "/port 0", "/port 65536", "/port 70000", "/port 1 2",
            "/port -1", "/port +1", "/port 99999999999999999999", "/login", "/login bob",
            "/tobob x",
        ]
    )
    func refuses(_ line: String) {
        var world = World("ann", "bob")
        #expect(world.ask("ann", line) == [World.unrecognized])
        #expect(world.heard("bob.b").isEmpty)
        #expect(world.world.connects.isEmpty)
        #expect(world.ask("ann", "/list") == ["301 ann bob"])
    }

    @Test("the list is in order of login, with users who have no connection b")
    func lists() {
        var world = World("cid", "ann")
        world.logIn("bob")
        #expect(world.ask("ann", "/list") == ["301 cid ann bob"])
        world.close("cid")
        #expect(world.ask("ann", "/list") == ["301 ann bob"])
    }

    @Test(
        "a text reaches its receiver to the byte, and the sender is answered after the receipt",
        arguments: ["x", " x ", "a,  b", "/list", "/to bob hi", "é€😀", "x\r", "\u{0} x", " "]
    )
    func sends(_ text: String) {
        var world = World("ann", "bob", "cid")
        #expect(world.ask("ann", "/to bob \(text)").isEmpty)
        #expect(world.heard("bob.b") == ["/from ann \(text)"])
        #expect(world.heard("bob").isEmpty)
        #expect(world.heard("cid.b").isEmpty)
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test("a message to nobody, or to a user without connection b, fails at once")
    func sendsToNobody() {
        var world = World("ann")
        world.logIn("bob")
        for name in ["zoe", "cid", "bob", "BOB"] {
            #expect(world.ask("ann", "/to \(name) hi") == [World.failed])
        }
        #expect(world.ask("bob", "/to ann hi") == ["101 Authentication successful"])
        world.confirm("ann")
        #expect(world.heard("bob") == [World.delivered])
    }

    @Test("a message to oneself comes over one's own connection b")
    func sendsToSelf() {
        var world = World("ann")
        #expect(world.ask("ann", "/to ann hi").isEmpty)
        #expect(world.heard("ann.b") == ["/from ann hi"])
        world.confirm("ann")
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test("a message to all reaches all others, and is answered after the last receipt")
    func sendsToAll() {
        var world = World("ann", "bob", "cid")
        #expect(world.ask("ann", "/toall hi  all").isEmpty)
        for name in ["bob", "cid"] {
            #expect(world.heard("\(name).b") == ["/broadcastfrom ann hi  all"])
        }
        #expect(world.heard("ann.b").isEmpty)
        world.confirm("cid")
        #expect(world.heard("ann").isEmpty)
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered])
    }

    @Test("a message to all succeeds where nobody else is online")
    func sendsToAllAlone() {
        var world = World("ann")
        #expect(world.ask("ann", "/toall hi") == [World.delivered])
    }

    @Test("where one receiver fails, the others receive all the same, and the sender gets 304")
    func sendsToAllPartly() {
        var world = World("ann", "bob", "cid")
        world.logIn("dan")
        #expect(world.ask("ann", "/toall hi").isEmpty)
        world.confirm("bob")
        #expect(world.heard("bob.b") == ["/broadcastfrom ann hi"])
        #expect(world.heard("cid.b") == ["/broadcastfrom ann hi"])
        world.confirm("cid")
        #expect(world.heard("ann") == [World.failed])
    }

    @Test("an exit is answered, ends the session, and closes both connections")
    func exits() {
        var world = World("ann", "bob")
        world.send("ann", "/exit", "/list")
        #expect(world.heard("ann") == ["310 Bye bye"])
        #expect(world.isClosing("ann"))
        #expect(world.isClosing("ann.b"))
        #expect(world.ask("bob", "/list") == ["301 bob"])
        #expect(world.ask("bob", "/to ann hi") == [World.failed])
    }

    @Test("commands in one segment are answered in order, /login and /port too")
    func coalesced() {
        var world = World("bob")
        world.connect("ann")
        world.send("ann", "/login ann pw-ann", "/port 5000", "/list", "/to bob hi", "/x", "/list")
        #expect(world.heard("ann") == ["101 Authentication successful"])
        world.answerConnect("ann.b")
        #expect(world.heard("ann") == [World.built, "301 bob ann"])
        world.confirm("bob")
        #expect(world.heard("ann") == [World.delivered, World.unrecognized, "301 bob ann"])
    }

    @Test("a line that is too long is unrecognized, and the session goes on")
    func longLine() {
        var world = World("ann")
        let line = Array("/to ann ".utf8) + Array(repeating: 0x78, count: Limits.callbackLine)
        world.send("ann", bytes: line + [0x0A] + Array("/list\n".utf8))
        #expect(world.heard("ann") == [World.unrecognized, "301 ann"])
    }

    @Test("half lines of different clients do not mix, and are dropped at the end of input")
    func halves() {
        var world = World("ann", "bob")
        world.send("ann", bytes: Array("/li".utf8))
        world.send("bob", bytes: Array("/li".utf8))
        world.send("ann", bytes: Array("st\n".utf8))
        #expect(world.heard("ann") == ["301 ann bob"])
        world.closeInput("bob")
        #expect(world.heard("bob").isEmpty)
        #expect(world.isClosing("bob"))
    }
}
