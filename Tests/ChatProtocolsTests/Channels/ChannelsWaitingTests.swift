// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("What waits in channels")
struct ChannelsWaitingTests {
    /// Two users in a channel, with a store that is asked by the test.
    private func world() -> ChannelsWorld {
        var world = ChannelsWorld(ChannelsWorld.stored, "ann", "bob")
        world.send("ann", "CREATE c", "JOIN c")
        world.send("bob", "JOIN c")
        _ = (world.heard("ann"), world.heard("bob"))
        world.isPrompt = false
        return world
    }

    @Test("what follows a LOGIN is taken when that is answered, and others are served meanwhile")
    func password() {
        var world = world()
        world.connect("x")
        world.send("x", "REGISTER x p", "LOGIN x p", "CHANNELS")
        #expect(world.world.paused == [world.id("x")])
        world.send("bob", "CHANNELS")
        #expect(world.heard("bob") == ["RESULT CHANNELS c"])
        #expect(world.heard("x").isEmpty)
        world.world.workOnPasswords()
        #expect(world.heard("x").isEmpty)
        world.world.store()
        #expect(world.heard("x") == ["RESULT REGISTER 1"])
        world.world.workOnPasswords()
        #expect(world.heard("x") == ["RESULT LOGIN 1", "RESULT CHANNELS c"])
        #expect(world.world.paused.isEmpty)
    }

    @Test(
        "a message is told when it is stored, messages behind it are stored as well, and all else waits"
    )
    func messages() {
        var world = world()
        world.send("ann", "SAY c 1", "SAY c 2", "CHANNELS", "SAY c 3")
        #expect(world.world.writes.count == 2)
        #expect(world.world.paused == [world.id("ann")])
        #expect(world.heard("ann").isEmpty)
        #expect(world.heard("bob").isEmpty)
        world.world.store()
        #expect(world.heard("ann") == ["RECV ann c 1", "RECV ann c 2", "RESULT CHANNELS c"])
        #expect(world.heard("bob") == ["RECV ann c 1", "RECV ann c 2"])
        #expect(world.world.paused.isEmpty)
        world.world.store()
        #expect(world.heard("ann") == ["RECV ann c 3"])
    }

    @Test("a message that is refused waits for those before it that are stored")
    func refusedMessage() {
        var world = world()
        world.send("ann", "SAY c 1", "SAY none 2", "SAY c 3")
        #expect(world.world.writes.count == 1)
        world.world.store()
        world.world.store()
        #expect(world.heard("ann") == ["RECV ann c 1", "RESULT SAY 0", "RECV ann c 3"])
    }

    @Test("what one client stores waits for no other, and what is told keeps the order of storing")
    func several() {
        var world = world()
        world.send("ann", "SAY c a1", "SAY c a2")
        world.send("bob", "SAY c b1")
        world.connect("x")
        world.send("x", "CHANNELS")
        #expect(world.heard("x") == ["RESULT CHANNELS c"])
        world.world.store()
        let told = ["RECV ann c a1", "RECV ann c a2", "RECV bob c b1"]
        #expect(world.heard("ann") == told)
        #expect(world.heard("bob") == told)
    }

    @Test("so many messages and bytes of a client may wait, and no more")
    func bounds() {
        var world = world()
        for number in 0..<Limits.channelsWaitingWrites + 10 { world.send("ann", "SAY c \(number)") }
        #expect(world.world.writes.count == Limits.channelsWaitingWrites)
        let long = String(repeating: "x", count: 60_000)
        for _ in 0..<40 { world.send("bob", "SAY c \(long)") }
        #expect(world.world.writes.count < Limits.channelsWaitingWrites + 20)
        world.isPrompt = true
        world.attend()
        #expect(world.heard("ann").count == Limits.channelsWaitingWrites + 10 + 40)
        #expect(world.world.paused.isEmpty)
    }

    @Test("what cannot be stored is answered 0 and has not happened")
    func failures() {
        var world = world()
        world.connect("x")
        world.send("x", "REGISTER x p")
        world.world.workOnPasswords()
        world.send("ann", "CREATE d")
        world.send("bob", "SAY c lost")
        world.world.store { _ in .full }
        #expect(world.heard("x") == ["RESULT REGISTER 0"])
        #expect(world.heard("ann") == ["RESULT CREATE d 0"])
        #expect(world.heard("bob") == ["RESULT SAY 0"])
        world.isPrompt = true
        #expect(world.ask("x", "LOGIN x p") == ["RESULT LOGIN 0"])
        #expect(world.ask("x", "CHANNELS") == ["RESULT CHANNELS c"])
        // The names are free again.
        #expect(world.ask("x", "REGISTER x q") == ["RESULT REGISTER 1"])
        #expect(world.ask("ann", "CREATE d") == ["RESULT CREATE d 1"])
        #expect(world.ask("x", "LOGIN x q") == ["RESULT LOGIN 1"])
        #expect(world.ask("x", "JOIN c") == ["RESULT JOIN c 1"])
        world.isPrompt = false
        world.send("x", "JOIN d")
        world.world.store { _ in .other("x") }
        #expect(world.heard("x") == ["RESULT JOIN d 0"])
        world.isPrompt = true
        #expect(world.ask("x", "SAY d x") == ["RESULT SAY 0"])
        #expect(world.ask("x", "JOIN d") == ["RESULT JOIN d 1"])
    }

    @Test("of two who want one name at once, one gets it")
    func races() {
        var world = world()
        world.connect("x", "y")
        world.send("x", "REGISTER new p")
        world.send("y", "REGISTER new q")
        #expect(world.heard("y") == ["RESULT REGISTER 0"])
        world.send("ann", "CREATE d")
        world.send("bob", "CREATE d")
        #expect(world.heard("bob") == ["RESULT CREATE d 0"])
        world.isPrompt = true
        world.attend()
        #expect(world.heard("x") == ["RESULT REGISTER 1"])
        #expect(world.heard("ann") == ["RESULT CREATE d 1"])
        world.isPrompt = false
        world.send("x", "LOGIN new p")
        world.send("y", "LOGIN new p")
        world.world.workOnPasswords()
        #expect(world.heard("x") + world.heard("y") == ["RESULT LOGIN 1", "RESULT LOGIN 0"])
    }

    @Test("a password that cannot be looked at is answered 0, and the name stays free")
    func refusedPasswords() {
        var world = world()
        world.connect("x")
        world.send("x", "REGISTER x p", "LOGIN ann pwann")
        world.world.workOnPasswords { _ in .refused }
        #expect(world.heard("x") == ["RESULT REGISTER 0"])
        world.world.workOnPasswords { _ in .refused }
        #expect(world.heard("x") == ["RESULT LOGIN 0"])
        world.isPrompt = true
        #expect(world.ask("x", "REGISTER x p") == ["RESULT REGISTER 1"])
    }

    @Test("an unknown user's password is looked at as well, and one of a user who is logged in")
    func sameTime() {
        var world = world()
        world.connect("x")
        world.send("x", "LOGIN nobody p")
        #expect(world.world.passwordWork.map(\.task) == [.verify(hash: nil)])
        world.world.workOnPasswords()
        world.send("x", "LOGIN ann pwann")
        #expect(world.world.passwordWork.map(\.task) == [.verify(hash: Array("#pwann".utf8))])
        world.world.workOnPasswords()
        #expect(world.heard("x") == ["RESULT LOGIN 0", "RESULT LOGIN 0"])
    }

    @Test("who has gone while its password was looked at is not logged in; a new account is made")
    func gone() {
        var world = world()
        world.connect("x", "y")
        world.send("x", "REGISTER x p")
        world.close("x")
        world.isPrompt = true
        world.attend()
        #expect(world.ask("y", "LOGIN x p") == ["RESULT LOGIN 1"])
        world.close("y")
        world.isPrompt = false
        world.connect("x", "y")
        world.send("x", "LOGIN x p")
        world.close("x")
        world.isPrompt = true
        world.attend()
        #expect(world.ask("y", "LOGIN x p") == ["RESULT LOGIN 1"])
    }

    @Test("an end of input that comes while something waits comes after its answer")
    func endsLater() {
        var world = world()
        world.connect("x")
        world.send("x", "LOGIN nobody p")
        world.closeInput("x")
        #expect(!world.isClosing("x"))
        world.world.workOnPasswords()
        #expect(world.heard("x") == ["RESULT LOGIN 0"])
        #expect(world.isClosing("x"))
        world.send("ann", "SAY c 1", "CHANNELS")
        world.closeInput("ann")
        world.send("bob", "SAY c 2")
        world.world.store()
        #expect(world.heard("ann") == ["RECV ann c 1", "RESULT CHANNELS c"])
        #expect(world.heard("bob") == ["RECV ann c 1", "RECV bob c 2"])
        #expect(world.isClosing("ann"))
    }

    @Test("what a client that has gone asked for is stored and told to the others")
    func goneWhileStoring() {
        var world = world()
        world.send("ann", "SAY c bye")
        world.close("ann")
        world.world.store()
        #expect(world.heard("bob") == ["RECV ann c bye"])
        #expect(world.heard("ann").isEmpty)
    }

    @Test("one who joins, goes, comes back and joins again before it is stored is in once")
    func joinsTwice() {
        var world = world()
        world.isPrompt = true
        world.enter("x")
        world.isPrompt = false
        world.send("x", "JOIN c")
        world.close("x")
        world.connect("x")
        world.send("x", "LOGIN x pwx", "JOIN c")
        world.world.workOnPasswords()
        world.world.store()
        #expect(world.heard("x") == ["RESULT LOGIN 1", "RESULT JOIN c 1"])
        world.send("ann", "SAY c hi")
        world.world.store()
        #expect(world.heard("x") == ["RECV ann c hi"])
    }

    @Test("passwords are not shown where work on them is")
    func secrecy() {
        let password = Array("geheim".utf8)
        let work = PasswordWork(
            ticket: PasswordTicket(number: 1), of: ConnectionID(slot: 1, generation: 1),
            password: password, task: .verify(hash: nil))
        var shown = "\(work) \(String(reflecting: work))"
        dump(work, to: &shown)
        #expect(!shown.contains("geheim"))
        #expect(!shown.contains("\(password)"))
    }
}
