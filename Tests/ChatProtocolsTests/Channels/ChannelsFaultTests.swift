// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Faults of channels")
struct ChannelsFaultTests {
    /// Those of the federation have a talk of their own.
    private static let faults = ChatProtocol.channels.faults.filter { !$0.breaks.hasPrefix("fed.") }

    /// With a database, so that what is stored shows.
    private static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.give("x", for: ChannelsSettings.databaseOption)
        return configuration
    }

    /// What every connection hears, step by step, in a talk that touches everything.
    private static let talk = FaultTalk(.channels, configuration) { server in
        var talk = Talk(server)
        talk.logIn()
        talk.makeChannels()
        talk.talk()
        talk.cutAndJoin()
        talk.makeErrors()
        talk.sayMuch()
        talk.beSilent()
        talk.intrude()
        talk.resemble()
        talk.crowd()
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

    /// What lets everything pass.
    private struct Nothing: ChannelsMeddler {}

    @Test("a wrapper that damages nothing is not heard")
    func wrapper() {
        let server = ChannelsServer(ChannelsSettings(Self.configuration))
        let isRight = Self.talk.isRight(with: MeddledServer(server, Nothing()))
        #expect(isRight)
    }

    @Test("each requirement that a machine could break has a fault")
    func covers() {
        let broken = Set(Self.faults.map(\.breaks))
        let missing = Self.breakable.filter { !broken.contains($0) }
        #expect(missing.isEmpty)
        #expect(broken.subtracting(Self.breakable).isEmpty)
    }

    /// The page's requirements of the levels M and S for clients, but for `launch.arguments` and
    /// `shutdown.sigint`, which are the program's.
    private static let breakable = [
        "framing.newline", "framing.partial", "framing.coalesced", "framing.per-connection",
        "register.ok", "register.taken", "login.ok", "login.wrong-password", "login.unknown-user",
        "login.retry", "login.required", "password.hashed", "account.persistent", "create.ok",
        "create.exists", "join.ok", "join.no-such-channel", "join.many", "say.delivers",
        "say.echo", "say.not-joined", "say.no-such-channel", "say.error-form",
        "say.silent-success", "say.not-elsewhere", "say.verbatim", "say.unicode", "say.order",
        "channels.lists", "names.unicode", "history.context", "ignore.unknown", "ignore.silent",
        "disconnect.frees-login", "concurrency.many", "concurrency.silent-peer",
        "concurrency.stalled-peer", "durability.kill",
    ]
}

/// A talk among four users; what each hears, and what is stored, is written down after each step.
private struct Talk {
    private var world: ChannelsWorld
    private(set) var heard: [[String]] = []

    private static let names = ["ann", "bob", "cid", "猫"]

    init(_ server: any ChatServer) {
        world = ChannelsWorld(server)
        world.isPrompt = false
    }

    private mutating func note() {
        while !world.world.passwordWork.isEmpty || !world.world.writes.isEmpty {
            world.world.workOnPasswords()
            heard += world.world.writes.map { $0.steps.map { "\($0)" } }
            world.world.store()
        }
        heard += Self.names.map { String(decoding: world.heardBytes($0), as: UTF8.self) }.map {
            [$0]
        }
        heard.append(Self.names.filter { world.isClosing($0) })
    }

    private mutating func say(_ client: String, _ lines: String...) {
        world.send(client, text: lines.map { $0 + "\n" }.joined())
        note()
    }

    private mutating func raw(_ client: String, _ text: String) {
        world.send(client, text: text)
        note()
    }

    mutating func logIn() {
        world.connect("ann")
        for line in ["CHANNELS", "LOGIN ann p", "CREATE c", "JOIN c", "SAY c hi"] {
            say("ann", line)
        }
        for line in ["REGISTER ann p", "REGISTER ann q", "LOGIN ann x", "LOGIN ann q"] {
            say("ann", line)
        }
        say("ann", "LOGIN ann p")
        for name in ["bob", "cid", "猫"] {
            world.connect(name)
            say(name, "REGISTER \(name) p")
            say(name, "LOGIN \(name) p")
        }
    }

    mutating func makeChannels() {
        for name in ["c", "d", "é"] { say("ann", "CREATE \(name)") }
        for name in ["c", "d", "é"] { say("ann", "JOIN \(name)") }
        for client in ["bob", "猫"] { say(client, "JOIN c") }
        say("ann", "CREATE e", "CHANNELS")
        say("ann", "JOIN none", "CHANNELS")
        say("cid", "SAY c stranger", "SAY none x", "CHANNELS")
    }

    mutating func talk() {
        for text in ["hi", "two  Words", "a:b", "CHANNELS", "é", "🐱"] {
            say("ann", "SAY c \(text)")
        }
        say("ann", "SAY d two", "SAY d three")
        say("cid", "JOIN c")
        say("cid", "CREATE c")
        say("ann", "SAY c still there")
        say("bob", "SAY c as before")
    }

    mutating func cutAndJoin() {
        raw("ann", "SAY c h")
        say("cid", "CHANNELS")
        raw("bob", "CHAN")
        raw("ann", "i\n")
        raw("bob", "NELS\n")
        world.send("ann", bytes: Array("SAY c ".utf8) + [0xC3])
        note()
        world.send("ann", bytes: [0xA9, 0x0A])
        note()
        say("cid", "CHANNELS", "JOIN nowhere", "CHANNELS")
    }

    mutating func makeErrors() {
        for line in ["", "x", "LOGIN", "CREATE a b", "RECV a b c", "CHANNELS"] { say("bob", line) }
    }

    mutating func sayMuch() {
        for number in 0..<50 { say("ann", "SAY c \(number)") }
    }

    /// Somebody is connected and says nothing, then somebody is logged in and joins nothing.
    mutating func beSilent() {
        world.connect("dan")
        say("ann", "CHANNELS")
        world.close("dan")
    }

    /// Who is refused speaks all the same.
    mutating func intrude() {
        for line in ["REGISTER bob x", "LOGIN bob x"] {
            world.connect("eve")
            say("eve", line)
            say("eve", "SAY c bob is me")
            world.close("eve")
        }
    }

    /// What is nearly somebody's name or password is another.
    mutating func resemble() {
        world.connect("eve")
        for line in [
            "LOGIN an p", "REGISTER an p", "SAY d kept?", "REGISTER long 123456789a",
            "LOGIN lon 123456789a", "LOGIN long 123456789b", "REGISTER cjk 1猫", "LOGIN cjk 1狗",
            "LOGIN ann x",
        ] {
            say("eve", line)
        }
        world.close("eve")
        say("ann", "CREATE channel", "CREATE chan", "CHANNELS")
    }

    /// Many come, and join one channel.
    mutating func crowd() {
        for number in 0..<32 {
            world.connect("eve\(number)")
            say("eve\(number)", "REGISTER eve\(number) p")
            say("eve\(number)", "LOGIN eve\(number) p")
            say("eve\(number)", "JOIN channel")
            heard.append([String(decoding: world.heardBytes("eve\(number)"), as: UTF8.self)])
        }
        say("猫", "SAY c to all")
        say("cid", "JOIN d", "CHANNELS")
    }

    mutating func leave() {
        world.closeInput("bob")
        note()
        world.close("bob")
        world.close("cid")
        note()
        for name in ["bob", "cid"] {
            world.connect(name)
            say(name, "LOGIN \(name) p")
        }
    }
}
