// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Links of channels")
struct ChannelsLinkTests {
    @Test("a server that asks is confirmed, and told the channels, also when there is none")
    func comesIn() {
        var world = ChannelsWorld.federating()
        world.link("p", from: "127.0.0.2")
        #expect(world.heard("p") == ["FEDERATE-CONFIRM", "FEDCHANNELS "])
        world.enter("ann")
        world.send("ann", "CREATE b", "CREATE a")
        #expect(world.heard("p") == ["FEDNEW b", "FEDNEW a"])
        world.link("q", from: "127.0.0.3")
        #expect(world.heard("q") == ["FEDERATE-CONFIRM", "FEDCHANNELS b, a"])
    }

    @Test("asking counts as a connection's first line, and only where servers federate")
    func firstLineOnly() {
        var world = ChannelsWorld.federating()
        for before in ["", "x", "CHANNELS"] {
            world.connect("p")
            world.send("p", before, "FEDERATE-OUT")
            #expect(!world.heard("p").contains("FEDERATE-CONFIRM"))
            #expect(world.world.lookUps.isEmpty)
        }
        world.enter("ann")
        #expect(world.ask("ann", "FEDERATE-OUT").isEmpty)
        var alone = ChannelsWorld()
        alone.connect("p")
        #expect(alone.ask("p", "FEDERATE-OUT").isEmpty)
        #expect(alone.ask("p", "CHANNELS") == ["RESULT CHANNELS "])
    }

    @Test("what follows in one segment is taken behind the confirmation, cut anywhere")
    func cuts() {
        let stream = Array("FEDERATE-OUT\r\nFEDCHANNELS é, b,c\nFEDNEW d\nFEDJOIN ann@x é\n".utf8)
        for place in 0...stream.count {
            var world = ChannelsWorld.federating()
            world.connect("p", "x")
            world.send("p", bytes: Array(stream[..<place]))
            world.world.answerLookUps { _ in ["127.0.0.2"] }
            world.send("p", bytes: Array(stream[place...]))
            world.world.answerLookUps { _ in ["127.0.0.2"] }
            #expect(
                world.heard("p") == [
                    "FEDERATE-CONFIRM", "FEDCHANNELS ", "FEDRESULT ann JOIN é:127.0.0.1 0",
                ])
            let list = ["b", "c", "d", "é"].map { "\($0):127.0.0.2" }.joined(separator: ", ")
            #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS \(list)"])
        }
    }

    @Test("entries are dialled and asked; the confirmation is answered with the channels")
    func dials() {
        var world = ChannelsWorld.federating("127.0.0.2:4400\n127.0.0.3:4401\n127.0.0.1:4400\n")
        #expect(world.world.connects.count == 2)
        world.accept("p", at: "127.0.0.2")
        #expect(world.heard("p") == ["FEDERATE-OUT"])
        world.enter("ann")
        #expect(world.ask("ann", "CREATE c") == ["RESULT CREATE c 1"])
        #expect(world.heard("p").isEmpty)
        world.send("p", "FEDCHANNELS early", "FEDERATE-CONFIRM", "FEDCHANNELS a, b")
        #expect(world.heard("p") == ["FEDCHANNELS c"])
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS a:127.0.0.2, b:127.0.0.2, c"])
        world.send("p", "FEDERATE-CONFIRM", "FEDERATE-OUT", "CHANNELS", "x")
        #expect(world.heard("p").isEmpty)
        #expect(world.world.logged.count == 5)
    }

    @Test("who does not confirm in ten seconds is closed, and dialled again later")
    func unconfirmed() {
        var world = ChannelsWorld.federating("127.0.0.2:4400\n")
        world.accept("p", at: "127.0.0.2")
        world.world.tell(seconds: 9.9)
        #expect(!world.isClosing("p"))
        world.world.tell(seconds: 10)
        #expect(world.isClosing("p"))
        world.close("p")
        #expect(world.world.connects.isEmpty)
        world.world.tell(seconds: 10.25)
        let isDialled = world.accept("p", at: "127.0.0.2")
        #expect(isDialled)
    }

    @Test("a connection that does not come about in ten seconds is given up, and tried again")
    func swallowed() {
        var world = ChannelsWorld.federating("127.0.0.2:4400\n")
        world.world.tell(seconds: 10)
        #expect(world.world.connects.isEmpty)
        world.world.tell(seconds: 10.25)
        #expect(world.world.connects.count == 1)
    }

    @Test("pauses double from a quarter of a second to thirty seconds; a confirmation resets them")
    func pauses() throws {
        var world = ChannelsWorld.federating("127.0.0.2:4400\n")
        var now = 0.0
        for pause in [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30] {
            let ticket = try #require(world.world.connects.keys.first)
            _ = world.world.answerConnect(ticket, accepts: false)
            // An earlier wish for something that has come meanwhile may stand.
            #expect(world.world.wakesAt.map { $0 <= Int64((now + pause) * 1e9) } == true)
            world.world.tell(seconds: now + pause - 0.01)
            #expect(world.world.connects.isEmpty)
            now += pause
            world.world.tell(seconds: now)
        }
        world.accept("p", at: "127.0.0.2")
        world.send("p", "FEDERATE-CONFIRM")
        world.close("p")
        world.world.tell(seconds: now + 0.25)
        let isDialled = world.accept("p", at: "127.0.0.2")
        #expect(isDialled)
    }

    @Test("the end of a link's input ends it; a line of more than 128 KiB as well, none shorter")
    func ends() {
        var world = ChannelsWorld.federating()
        world.peer("p", at: "127.0.0.2")
        world.send("p", text: "FEDNEW a\nFEDNEW b")
        world.closeInput("p")
        #expect(world.isClosing("p"))
        world.connect("x")
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS "])
        world.peer("q", at: "127.0.0.2")
        world.send("q", text: String(repeating: "x", count: 128 * 1024) + "\n")
        #expect(!world.isClosing("q"))
        world.send("q", text: String(repeating: "x", count: 128 * 1024 + 1))
        #expect(world.isClosing("q"))
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS "])
    }

    @Test("names are looked up at every attempt, and one that has no address later again")
    func lookUps() {
        var world = ChannelsWorld.federating("there:4400\n")
        #expect(world.world.lookUps.map(\.lookUp) == [.host(Array("there".utf8))])
        world.world.answerLookUps { _ in [] }
        #expect(world.world.logged == ["there:4400: the host has no IPv4 address"])
        world.world.tell(seconds: 0.25)
        world.world.answerLookUps { _ in ["127.0.0.2", "127.0.0.3"] }
        world.accept("p", at: "127.0.0.2")
        world.close("p")
        world.world.tell(seconds: 1)
        world.world.answerLookUps { _ in ["127.0.0.2", "127.0.0.3"] }
        let isDialled = world.accept("p", at: "127.0.0.3")
        #expect(isDialled)
        world.send("p", "FEDERATE-CONFIRM", "FEDCHANNELS c")
        world.connect("x")
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS c:there"])
    }

    @Test(
        "who comes from an entry's address has its name; while a look-up is under way, that is waited for"
    )
    func identity() {
        var world = ChannelsWorld.federating("there:4400\n127.0.0.3:4400\n")
        world.link("q", from: "127.0.0.3")
        #expect(world.heard("q") == ["FEDERATE-CONFIRM", "FEDCHANNELS "])
        world = ChannelsWorld.federating("there:4400\n")
        let hosts = world.world.lookUps
        world.connect("p")
        world.send("p", "FEDERATE-OUT", "FEDCHANNELS c")
        for (ticket, lookUp) in world.world.lookUps where lookUp != hosts.first?.lookUp {
            world.world.handle(.lookedUp(ticket, [Array("127.0.0.2".utf8)]))
        }
        #expect(world.heard("p").isEmpty)
        world.world.handle(.lookedUp(hosts[0].ticket, [Array("127.0.0.2".utf8)]))
        #expect(world.heard("p") == ["FEDERATE-CONFIRM", "FEDCHANNELS "])
        world.connect("x")
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS c:there"])
    }

    @Test("a look-up is waited for ten seconds; then the address is the name")
    func slowIdentity() {
        var world = ChannelsWorld.federating("there:4400\n")
        world.connect("p")
        world.send("p", "FEDERATE-OUT")
        for (ticket, lookUp) in world.world.lookUps where lookUp == .client(world.id("p")) {
            world.world.handle(.lookedUp(ticket, [Array("127.0.0.2".utf8)]))
        }
        world.world.tell(seconds: 9)
        #expect(world.heard("p").isEmpty)
        world.world.tell(seconds: 10)
        #expect(world.heard("p") == ["FEDERATE-CONFIRM", "FEDCHANNELS "])
        world.send("p", "FEDNEW c")
        world.connect("x")
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS c:127.0.0.2"])
    }

    @Test("an entry that turns out to be this server, or another entry's address, is given up")
    func conflicts() {
        var world = ChannelsWorld.federating("127.0.0.2:4400\nself:4400\nthere:4400\n")
        world.world.answerLookUps { lookUp in
            lookUp == .host(Array("self".utf8)) ? ["127.0.0.1"] : ["127.0.0.2"]
        }
        #expect(
            world.world.logged == [
                "self:4400: given up: it is at this server's own address",
                "there:4400: given up: it is at the address of line 1 of the peers file",
            ])
        #expect(world.world.connects.count == 1)
        world.world.tell(seconds: 60)
        #expect(world.world.lookUps.isEmpty)
    }

    @Test("channels that do not fit in a line of 64 KiB follow as news")
    func manyChannels() {
        var world = ChannelsWorld.federating()
        world.enter("ann")
        let names = (0..<400).map { "\($0)" + String(repeating: "x", count: 200) }
        for name in names { world.send("ann", "CREATE \(name)") }
        world.link("p", from: "127.0.0.2")
        let heard = world.heard("p")
        #expect(heard.allSatisfy { $0.utf8.count <= 64 * 1024 })
        let listed = heard[1].dropFirst(12).split(separator: ", ").map(String.init)
        let news = heard[2...].map { String($0.dropFirst(7)) }
        #expect(!listed.isEmpty && !news.isEmpty)
        #expect(listed + news == names)
    }

    @Test("past sixteen links that a peer has opened the oldest is ended, and the log says so")
    func surplus() {
        var world = ChannelsWorld.withPeer()
        for number in 2...16 { world.peer("p\(number)", at: "127.0.0.2") }
        #expect(world.world.logged.isEmpty)
        #expect(world.world.aborted.isEmpty)
        world.peer("p17", at: "127.0.0.2")
        #expect(
            world.world.logged == ["peer 127.0.0.2: more than 16 links: the oldest is ended"])
        #expect(world.world.aborted == [world.id("p")])
        world.close("p")
        world.peer("q", at: "127.0.0.3")
        #expect(world.world.aborted.count == 1)
        // The others serve as before.
        world.send("p2", "FEDJOIN x c")
        #expect(world.heard("p2") == ["FEDRESULT x JOIN c:127.0.0.1 1"])
    }
}
