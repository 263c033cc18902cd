// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Faults of callback")
struct CallbackFaultTests {
    private static let faults = ChatProtocol.callback.faults

    /// What every connection hears, step by step, in a talk that touches everything.
    private static let talk = FaultTalk(.callback, CallbackWorld.configuration) { server in
        var talk = Talk(server)
        talk.logIn()
        talk.makeErrors()
        talk.cutAndJoin()
        talk.send()
        talk.sendToAll()
        talk.withhold()
        talk.breakLines()
        talk.sendMany()
        talk.leave()
        return talk.heard
    }

    @Test(
        "each fault makes a server that differs from the right one", arguments: faults.map(\.name))
    func shows(_ name: String) throws {
        let isRight = try Self.talk.isRight(withFault: name)
        #expect(!isRight)
    }

    @Test("the talk is heard the same when it is repeated: only faults make a difference")
    func isRepeatable() {
        let isRight = Self.talk.isRightAgain()
        #expect(isRight)
    }

    @Test("each requirement that a machine could break has a fault")
    func covers() {
        let broken = Set(Self.faults.map(\.breaks))
        let missing = Self.breakable.filter { !broken.contains($0) }
        #expect(missing.isEmpty)
        #expect(broken.subtracting(Self.breakable).isEmpty)
    }

    /// The page's requirements of the levels M and S that are the server's.
    private static let breakable = [
        "launch.arguments", "framing.newline", "framing.partial", "framing.partial-receipt",
        "framing.coalesced", "framing.per-connection", "replies.exact", "replies.delivery-text",
        "login.ok", "login.failed", "login.retry", "login.required", "port.ok",
        "port.client-address", "port.failed",
        "port.malformed", "list.online", "to.delivers", "to.waits-for-receipt", "to.verbatim",
        "to.unicode", "to.only-recipient", "to.offline", "to.receipt-missing-others",
        "to.receipt-wrong", "to.recipient-dies", "to.no-callback", "toall.delivers",
        "toall.not-self", "toall.waits-for-all", "toall.partial-failure",
        "toall.others-still-receive", "toall.alone", "delivery.one-at-a-time",
        "delivery.none-lost", "delivery.cross", "exit.bye", "exit.closes", "disconnect.cleans-up",
        "disconnect.closes-b", "error.unrecognized", "error.missing-text", "error.login-words",
        "error.extra-words", "error.empty-line", "error.case", "error.keeps-session",
        "concurrency.silent-peer", "concurrency.interleaved", "concurrency.stalled-peer",
        "transcript.appendix",
    ]
}

/// A talk among four users; what each connection hears is written down after each step.
private struct Talk {
    private var world: CallbackWorld
    private(set) var heard: [[String]] = []

    init(_ server: any ChatServer) { world = CallbackWorld(server: server) }

    private static let connections = CallbackWorld.names.flatMap { [$0, "\($0).b"] }

    private mutating func note() {
        heard += Self.connections.map { world.heard($0) }
        heard.append(Self.connections.filter { world.isClosing($0) })
        heard.append(world.world.connects.values.map { "\($0)" }.sorted())
    }

    private mutating func say(_ client: String, _ lines: String...) {
        world.send(client, bytes: lines.flatMap { Array(($0 + "\n").utf8) })
        note()
    }

    private mutating func raw(_ client: String, _ text: String) {
        world.send(client, bytes: Array(text.utf8))
        note()
    }

    mutating func logIn() {
        world.connect("ann")
        for login in ["", "/login ann", "/list", "/x"] { say("ann", login) }
        for wrong in ["ann x", "ann PW-ANN", "zoe x"] { say("ann", "/login \(wrong)") }
        say("ann", "/login ann pw-ann")
        say("ann", "/toall alone", "/list")
        for name in ["bob", "cid"] {
            world.connect(name)
            say(name, "/login \(name) pw-\(name)")
        }
        say("ann", "/port 1")
        world.answerConnect("ann.b", accepts: false)
        note()
        say("ann", "/to bob too early")
        for name in ["ann", "bob", "cid"] {
            say(name, "/port 5000")
            world.answerConnect("\(name).b")
            note()
        }
        say("ann", "/list")
    }

    mutating func makeErrors() {
        let lines = [
            "x", "", "/LIST", "/list x", "/to", "/to bob", "/toall", "/port 0", "/port abc",
            "/port",
            "/list",
        ]
        for line in lines { say("ann", line) }
    }

    mutating func cutAndJoin() {
        raw("ann", "/li")
        raw("bob", "/lis")
        raw("ann", "st\n")
        raw("bob", "t\n")
        say("cid", "/list", "/x", "/list")
    }

    mutating func send() {
        for text in ["hi", "two  words", "é", "Oh! Well"] {
            say("ann", "/to bob \(text)")
            say("bob.b", CallbackWorld.receipt)
        }
        say("ann", "/to nobody hi")
        say("ann", "/to bob wrong")
        say("bob.b", "304 Message delivery failed")
        say("ann", "/to bob half")
        raw("bob.b", "302 Mess")
        raw("bob.b", "age receipt successful\n")
    }

    mutating func sendToAll() {
        say("ann", "/toall hi all")
        say("bob.b", CallbackWorld.receipt)
        say("cid.b", CallbackWorld.receipt)
    }

    /// Two send to one, two send to each other, and a third looks on.
    mutating func withhold() {
        say("ann", "/to bob one")
        say("cid", "/to bob two")
        say("bob.b", CallbackWorld.receipt)
        say("bob.b", CallbackWorld.receipt)
        say("ann", "/to bob cross")
        say("bob", "/to ann cross")
        say("cid", "/list")
        say("ann.b", CallbackWorld.receipt)
        say("bob.b", CallbackWorld.receipt)
    }

    mutating func breakLines() {
        say("ann", "/to bob hi")
        world.closeInput("bob.b")
        note()
        world.build("bob")
        say("ann", "/toall hi")
        world.closeInput("bob.b")
        note()
        say("cid.b", CallbackWorld.receipt)
        world.build("bob")
        note()
    }

    mutating func sendMany() {
        for number in 0..<50 {
            say("ann", "/to bob \(number)")
            say("bob.b", CallbackWorld.receipt)
        }
    }

    mutating func leave() {
        say("cid", "/exit", "/list")
        say("ann", "/list")
        world.closeInput("bob")
        note()
        say("ann", "/list")
        world.connect("dan")
        say("dan", "/login dan pw-dan")
        world.close("dan")
        say("ann", "/list")
        world.connect("dan")
        raw("dan", "/login dan")
        say("ann", "/list")
        say("ann", "/exit x")
    }
}
