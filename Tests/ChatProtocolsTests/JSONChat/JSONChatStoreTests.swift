// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("What json stores")
struct JSONChatStoreTests {
    private var stored: JSONChatSettings {
        var settings = JSONChatSettings()
        settings.hasStore = true
        settings.moderators = [Array("mod".utf8)]
        return settings
    }

    private func text(_ text: String) -> StoreValue { .text(Array(text.utf8)) }

    @Test("a message is told when it is stored, and what its author asks for next waits for it")
    func waits() {
        var world = JSONChatWorld(stored, "ann", "bob")
        let both = JSONChatWorld.request("msg", "1") + JSONChatWorld.request("msg", "2")
        let names = JSONChatWorld.request("names")
        let taken = world.send("ann", bytes: both + names + JSONChatWorld.request("logout"))
        #expect(taken == both.count + names.count)
        #expect(world.heard("ann").isEmpty)
        world.send("bob", "names")
        #expect(world.heard("bob") == ["server info ann, bob"])
        #expect(
            world.world.writes.flatMap(\.steps).map(\.statement) == ["add message", "add message"])
        #expect(
            world.world.writes.first?.steps.first?.values == [
                .integer(1), text("common"), text("1970-01-01 00:00:00"), text("ann"),
                .blob(Array("1".utf8)),
            ])
        world.world.store()
        #expect(
            world.heard("ann") == ["ann message 1", "ann message 2", "server info ann, bob"])
        #expect(world.heard("bob") == ["ann message 1", "ann message 2"])
        world.send("ann", "logout")
        #expect(world.heard("ann") == ["server info You are logged out."])
    }

    @Test("what cannot be stored is an error to its author, and did not happen")
    func fails() {
        var world = JSONChatWorld(stored, "mod", "ann")
        world.send("ann", "msg", "kept")
        world.world.store()
        _ = (world.heard("ann"), world.heard("mod"))
        world.send("ann", "msg", "lost")
        world.send("mod", "remove", "1")
        world.world.store { _ in .full }
        let error = "server error It could not be stored, and is not done: the disk is full."
        #expect(world.heard("ann") == [error])
        #expect(world.heard("mod") == [error])
        world.send("mod", "ban", "ann")
        world.world.store { _ in .other("x") }
        world.send("mod", "create", "r")
        world.world.store { _ in .conflict }
        #expect(
            world.heard("mod") == [
                "server error It could not be stored, and is not done: x.",
                "server error It could not be stored, and is not done: it contradicts what is stored.",
            ])
        world.send("ann", "rooms")
        world.send("ann", "join", "common")
        #expect(
            world.heard("ann") == [
                "server info common", "server info You are in the room common now.",
                "server history [ann message kept]",
            ])
        #expect(!world.isClosing("ann"))
    }

    @Test("rooms, bans and removals happen when they are stored, and a room is asked for once")
    func changes() {
        var world = JSONChatWorld(stored, "mod", "ann")
        world.send("ann", "msg", "x")
        world.world.store()
        _ = (world.heard("ann"), world.heard("mod"))
        world.send("ann", "create", "r")
        world.send("mod", "create", "r")
        #expect(world.heard("ann").isEmpty)
        #expect(world.heard("mod") == ["server error There is a room r already."])
        world.world.store()
        #expect(world.heard("ann") == ["server info The room r is there now."])
        world.send("mod", "remove", "1")
        #expect(world.world.writes.first?.steps.first?.values == [.integer(1)])
        world.world.store()
        #expect(world.heard("ann") == ["server info mod has removed a message from the history."])
        world.send("mod", "ban", "ann")
        #expect(!world.isClosing("ann"))
        world.world.store()
        #expect(world.isClosing("ann"))
    }

    @Test("who goes while its message is being stored is answered; who is gone, others hear it")
    func goes() {
        var world = JSONChatWorld(stored, "ann", "bob", "cid")
        world.send("ann", "msg", "1")
        world.closeInput("ann")
        #expect(!world.isClosing("ann"))
        world.send("bob", "msg", "2")
        world.close("bob")
        world.world.store()
        #expect(world.heard("ann") == ["ann message 1"])
        #expect(world.isClosing("ann"))
        #expect(world.heard("cid") == ["ann message 1", "bob message 2"])
    }

    @Test("malformed input behind a message that is being stored is answered after it")
    func malformedBehind() {
        var world = JSONChatWorld(stored, "ann")
        world.send("ann", bytes: JSONChatWorld.request("msg", "1") + Array("}".utf8))
        #expect(!world.isClosing("ann"))
        world.world.store()
        let heard = world.heard("ann")
        #expect(heard.first == "ann message 1")
        #expect(heard.last?.hasPrefix("server error This is not") == true)
        #expect(world.isClosing("ann"))
    }

    @Test("what was stored is there after the start; rows that are not ours are passed over")
    func loads() {
        var world = JSONChatWorld(stored)
        world.world.handle(.loaded("room", row: [text("r")]))
        world.world.handle(.loaded("ban", row: [text("eve")]))
        func row(_ number: Int64, _ room: String, _ said: [UInt8]) -> [StoreValue] {
            [.integer(number), text(room), text("2025-01-02 03:04:05"), text("old"), .blob(said)]
        }
        for (number, room, said) in [(4, "common", "a"), (5, "r", "b"), (7, "common", "c")] {
            world.world.handle(
                .loaded("message", row: row(Int64(number), room, Array(said.utf8))))
        }
        world.world.handle(.loaded("message", row: row(.max, "common", [])))
        world.world.handle(.loaded("message", row: row(8, "common", [0xFF])))
        world.world.handle(.loaded("message", row: [.null]))
        world.world.handle(.loaded("room", row: []))
        world.world.handle(.loaded("nothing", row: []))
        world.connect("ann")
        for (request, content) in [
            ("login", "eve"), ("login", "ann"), ("rooms", nil), ("join", "r"),
        ] {
            world.send("ann", request, content)
        }
        #expect(
            world.heard("ann") == [
                "server error The name eve is banned.", "server info You are logged in as ann.",
                "server history [old message a|old message c]", "server info common, r",
                "server info You are in the room r now.", "server history [old message b]",
            ])
        world.send("ann", "msg", "new")
        #expect(world.world.writes.first?.steps.first?.values.first == .integer(8))
    }

    @Test("without a store nothing is asked to be stored")
    func noStore() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send("ann", "msg", "x")
        world.send("ann", "create", "r")
        #expect(world.world.writes.isEmpty)
        #expect(world.world.wakesAt == nil)
    }

    @Test("each step names a write of the schema, with as many values as it has places")
    func schema() {
        let schema = JSONChatStore.schema
        let message = JSONChatMessage(number: 1, room: 0, timestamp: [], author: [], text: [])
        let removal = JSONChatHistory.Message(number: 1, element: [])
        for change: JSONChatChange in [
            .message(message), .room([]), .ban([]), .removal(removal, from: 0),
        ] {
            let step = JSONChatStore.step(for: change, JSONChatRooms())
            let places = schema.writes[step.statement]?.count { $0 == "?" }
            #expect(places == step.values.count)
        }
    }
}
