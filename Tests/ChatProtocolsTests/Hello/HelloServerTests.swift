// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Testing

@Suite("The server of hello")
struct HelloServerTests {
    @Test("a login is greeted by the name, and the name is taken until its user has gone")
    func logsIn() {
        var world = HelloWorld()
        world.connect("one")
        world.connect("two")
        #expect(world.heard("one").isEmpty)
        #expect(world.ask("one", "HELLO-FROM ann") == ["HELLO ann"])
        #expect(world.ask("two", "HELLO-FROM ann") == ["IN-USE"])
        #expect(world.ask("two", "HELLO-FROM Ann") == ["HELLO Ann"])
        world.close("one")
        world.connect("three")
        #expect(world.ask("three", "HELLO-FROM ann") == ["HELLO ann"])
    }

    @Test(
        "before the login nothing but HELLO-FROM is understood, and nothing is done",
        arguments: ["LIST", "LIST x", "SEND bob hi", "SEND", "SEND bob", "X", "", "HELLO-FROMx"]
    )
    func requiresLogin(_ line: String) {
        var world = HelloWorld("bob")
        world.connect("ann")
        #expect(world.ask("ann", line) == ["BAD-RQST-HDR"])
        #expect(world.heard("bob").isEmpty)
        #expect(world.ask("ann", "HELLO-FROM ann") == ["HELLO ann"])
    }

    @Test("a name that nobody may have leaves the client where it was")
    func refusesNames() {
        var world = HelloWorld("bob")
        world.connect("ann")
        for name in ["", " ", " a b", " a!b", " a,b"] {
            #expect(world.ask("ann", "HELLO-FROM\(name)") == ["BAD-RQST-BODY"])
        }
        #expect(world.ask("bob", "LIST") == ["LIST-OK bob"])
        #expect(world.ask("ann", "HELLO-FROM ann") == ["HELLO ann"])
    }

    @Test("the user beyond the capacity is told BUSY, after IN-USE, until a place is free")
    func isBusy() {
        var world = HelloWorld("ann", "bob", capacity: 2)
        world.connect("idle")
        world.connect("cid")
        #expect(world.ask("cid", "HELLO-FROM cid") == ["BUSY"])
        #expect(world.ask("cid", "HELLO-FROM ann") == ["IN-USE"])
        #expect(world.ask("cid", "HELLO-FROM c d") == ["BAD-RQST-BODY"])
        world.close("ann")
        #expect(world.ask("cid", "HELLO-FROM cid") == ["HELLO cid"])
        #expect(world.ask("idle", "HELLO-FROM idle") == ["BUSY"])
    }

    @Test("the list is in order of login, and goes on in it when somebody leaves")
    func lists() {
        var world = HelloWorld("cid", "ann", "bob")
        #expect(world.ask("bob", "LIST") == ["LIST-OK cid,ann,bob"])
        world.close("ann")
        world.connect("ann")
        _ = world.ask("ann", "HELLO-FROM ann")
        #expect(world.ask("bob", "LIST") == ["LIST-OK cid,bob,ann"])
        #expect(world.ask("bob", "LIST ") == ["BAD-RQST-BODY"])
    }

    @Test(
        "a text reaches its recipient to the byte, and nobody else",
        arguments: ["x", " x ", "a,  b", "LIST", "SEND bob hi", "é€😀", "x\r", "\u{0} x"]
    )
    func sends(_ text: String) {
        var world = HelloWorld("ann", "bob", "cid")
        #expect(world.ask("ann", "SEND bob \(text)") == ["SEND-OK"])
        #expect(world.heard("bob") == ["DELIVERY ann \(text)"])
        #expect(world.heard("cid").isEmpty)
    }

    @Test("to oneself the delivery comes before the confirmation")
    func sendsToOneself() {
        var world = HelloWorld("ann")
        #expect(world.ask("ann", "SEND ann hi") == ["DELIVERY ann hi", "SEND-OK"])
    }

    @Test(
        "a wrong request is told to its sender alone, and the session goes on",
        arguments: [
            ("SEND", "BAD-RQST-BODY"), ("SEND bob", "BAD-RQST-BODY"),
            ("SEND bob ", "BAD-RQST-BODY"),
            ("SEND bob \t ", "BAD-RQST-BODY"), ("SEND nobody hi", "BAD-DEST-USER"),
            ("SEND nobody ", "BAD-RQST-BODY"), ("SEND Bob hi", "BAD-DEST-USER"),
            ("HELLO-FROM ann", "BAD-RQST-HDR"), ("HELLO-FROM", "BAD-RQST-HDR"),
            ("DELIVERY bob hi", "BAD-RQST-HDR"), ("", "BAD-RQST-HDR"), ("LIST\r", "BAD-RQST-HDR"),
        ]
    )
    func refuses(_ line: String, _ answer: String) {
        var world = HelloWorld("ann", "bob")
        #expect(world.ask("ann", line) == [answer])
        #expect(world.heard("bob").isEmpty)
        #expect(!world.isClosing("ann"))
        #expect(world.ask("ann", "SEND bob hi") == ["SEND-OK"])
        #expect(world.heard("bob") == ["DELIVERY ann hi"])
    }

    @Test("the end of input answers whole lines, drops half a one, logs out and closes")
    func endsOfInput() {
        var world = HelloWorld("ann", "bob")
        world.send("ann", bytes: Array("LIST\nSEND bob hi".utf8))
        world.closeInput("ann")
        #expect(world.heard("ann") == ["LIST-OK ann,bob"])
        #expect(world.isClosing("ann"))
        #expect(world.heard("bob").isEmpty)
        #expect(world.ask("bob", "LIST") == ["LIST-OK bob"])
        world.close("ann")
        #expect(world.ask("bob", "SEND ann hi") == ["BAD-DEST-USER"])
    }

    @Test("a line that is too long is refused, closes, and logs out; what follows is not read")
    func refusesLongLines() {
        var world = HelloWorld("ann", "bob")
        let long = Array("SEND bob ".utf8) + Array(repeating: 0x78, count: Limits.helloLine)
        world.send("ann", bytes: long + Array("\nLIST\n".utf8))
        #expect(world.heard("ann") == ["BAD-RQST-BODY"])
        #expect(world.isClosing("ann"))
        #expect(world.heard("bob").isEmpty)
        #expect(world.ask("bob", "LIST") == ["LIST-OK bob"])
    }
}
