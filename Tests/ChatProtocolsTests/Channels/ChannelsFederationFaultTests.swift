// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Faults of channels, federated")
struct ChannelsFederationFaultTests {
    private static let faults = ChatProtocol.channels.faults.filter { $0.breaks.hasPrefix("fed.") }

    private static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.give(
            contents: Array("127.0.0.2:4400\n".utf8), of: ChannelsSettings.peersFile)
        return configuration
    }

    /// What users and peers hear, step by step, in a talk that touches everything.
    private static let talk = FaultTalk(.channels, configuration) { server in
        var talk = FederatedTalk(server)
        talk.begin()
        talk.haveGuests()
        talk.goAway()
        talk.makeErrors()
        talk.end()
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

    @Test("each requirement of the federation has a fault")
    func covers() {
        #expect(Set(Self.faults.map(\.breaks)) == Set(Self.breakable))
    }

    /// The page's requirements of the levels M and S for servers that federate.
    private static let breakable = [
        "fed.out", "fed.confirm", "fed.channels", "fed.channels-both", "fed.framing", "fed.list",
        "fed.list-form", "fed.new", "fed.join", "fed.join-form", "fed.join-answer",
        "fed.join-answer-form", "fed.join-again", "fed.say", "fed.recv", "fed.recv-form",
        "fed.echo", "fed.echo-form", "fed.say-not-joined", "fed.no-clash", "fed.names",
        "fed.unknown-host", "fed.unanswered", "fed.spoofing", "fed.peer-down",
        "fed.peer-malformed", "fed.compatible", "fed.end-to-end", "fed.three",
    ]
}

/// A talk among two users here and peers; what each hears is written down after each step.
private struct FederatedTalk {
    private var world: ChannelsWorld
    private(set) var heard: [[String]] = []

    private static let names = ["ann", "bob", "x", "p", "q", "d"]

    init(_ server: any ChatServer) {
        world = ChannelsWorld(server)
        world.world.tell(seconds: 0)
        world.world.handle(.listening(host: Array("127.0.0.1".utf8), port: 4400))
    }

    private mutating func note() {
        heard += Self.names.map { world.heard($0) }
        heard.append(Self.names.filter { world.isClosing($0) })
    }

    private mutating func say(_ client: String, _ lines: String...) {
        for line in lines { world.send(client, line) }
        note()
    }

    mutating func begin() {
        for name in ["ann", "bob"] { world.enter(name) }
        say("ann", "CREATE c", "JOIN c", "REGISTER a@b p", "CREATE a:b")
        world.accept("d", at: "127.0.0.2")
        note()
        say("d", "FEDERATE-CONFIRM", "FEDCHANNELS away")
        world.link("p", from: "127.0.0.3")
        note()
        world.link("q", from: "127.0.0.4")
        note()
        world.send("p", text: "FEDCHANNELS e\nFEDNEW f\n")
        note()
        say("q", "FEDNEW g")
        say("ann", "CHANNELS", "CREATE h")
    }

    mutating func haveGuests() {
        for peer in ["p", "q", "d"] { say(peer, "FEDJOIN zoe@\(peer).example c", "FEDJOIN zoe c") }
        say("p", "FEDJOIN bob@p.example c", "FEDJOIN zoe none")
        say("p", "FEDSAY bob@p.example c hi", "FEDSAY eve@p.example c hi")
        say("ann", "SAY c ho")
    }

    mutating func goAway() {
        say("ann", "JOIN e:127.0.0.3")
        say("bob", "CHANNELS")
        say("p", "FEDRESULT ann JOIN e:127.0.0.3 1")
        say("ann", "SAY e:127.0.0.3 hi")
        say("p", "FEDRECV ann ann@127.0.0.1 e:127.0.0.3 hi", "FEDRECV ann cid e:127.0.0.3 ho")
        say("p", "FEDRECV ann cid@127.0.0.4 e:127.0.0.4 forged")
    }

    mutating func makeErrors() {
        say("p", "FEDJOIN", "FEDNEW i")
        say("ann", "JOIN c:nowhere", "SAY c:nowhere x", "CHANNELS")
        world.connect("x")
        say("x", "FEDNEW z", "FEDSAY zoe@127.0.0.3 c forged", "CHANNELS")
    }

    mutating func end() {
        world.close("p")
        note()
        say("ann", "SAY e:127.0.0.3 hi", "JOIN f:127.0.0.3", "CHANNELS")
    }
}
