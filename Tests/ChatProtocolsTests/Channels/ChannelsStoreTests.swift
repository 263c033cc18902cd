// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("What channels stores")
struct ChannelsStoreTests {
    private func blob(_ text: String) -> StoreValue { .blob(Array(text.utf8)) }

    @Test("each change is one statement with its values")
    func steps() {
        var world = ChannelsWorld(ChannelsWorld.stored)
        var steps: [StoreWrite.Step] = []
        world.connect("a")
        world.isPrompt = false
        world.send("a", "REGISTER ann p", "LOGIN ann p", "CREATE c", "JOIN c", "SAY c hi")
        while !world.world.passwordWork.isEmpty || !world.world.writes.isEmpty {
            world.world.workOnPasswords()
            steps += world.world.writes.flatMap(\.steps)
            world.world.store()
        }
        #expect(
            steps == [
                .init(
                    statement: "add account",
                    values: [blob("ann"), .text(Array("#p".utf8))]),
                .init(statement: "add channel", values: [blob("c")]),
                .init(
                    statement: "add member", values: [blob("c"), blob(""), blob("ann"), blob("")]),
                .init(
                    statement: "add message",
                    values: [
                        blob("c"), .integer(1), .text(Array("1970-01-01 00:00:00".utf8)),
                        blob("ann"), blob(""), blob("hi"),
                    ]),
            ])
    }

    @Test("what was stored is there again: accounts, channels, memberships and the last messages")
    func loads() {
        var settings = ChannelsWorld.stored
        settings.historyLength = 2
        var world = ChannelsWorld(settings)
        let rows: [(String, [StoreValue])] = [
            ("account", [blob("ann"), .text(Array("#x".utf8))]),
            ("account", [blob("bob"), .text(Array("#y".utf8))]),
            ("channel", [blob("c")]),
            ("member", [blob("c"), blob(""), blob("ann"), blob("")]),
            ("message", [blob("c"), .integer(3), blob("ann"), blob(""), blob("3")]),
            ("message", [blob("c"), .integer(5), blob("ann"), blob(""), blob("5")]),
            ("message", [blob("c"), .integer(7), blob("ann"), blob(""), blob("7")]),
        ]
        for (load, row) in rows { world.world.handle(.loaded(load, row: row)) }
        world.connect("ann", "bob")
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c"])
        #expect(world.ask("ann", "LOGIN ann x") == ["RESULT LOGIN 1"])
        #expect(world.ask("ann", "JOIN c") == ["RESULT JOIN c 0"])
        #expect(world.ask("bob", "LOGIN bob y") == ["RESULT LOGIN 1"])
        #expect(world.ask("bob", "JOIN c") == ["RESULT JOIN c 1", "RECV ann c 5", "RECV ann c 7"])
        world.isPrompt = false
        world.send("ann", "SAY c 8")
        #expect(world.world.writes.first?.steps.first?.values[1] == .integer(8))
    }

    @Test("rows that are not ours are passed over")
    func strangeRows() {
        var world = ChannelsWorld(ChannelsWorld.stored)
        let rows: [(String, [StoreValue])] = [
            ("account", [.null]), ("account", [blob("a@b"), .text([])]), ("account", []),
            ("channel", [blob("a\nb")]), ("channel", [blob("")]), ("channel", []),
            ("member", [blob("c"), blob(""), blob("nobody"), blob("")]),
            ("message", [blob("c"), .integer(1), blob("ann"), blob(""), blob("x")]),
            ("channel", [blob("c")]),
            ("message", [blob("c"), .integer(1), blob("ann"), blob(""), blob("x\nRECV")]),
            ("message", [blob("c"), .integer(-1), blob("ann"), blob(""), blob("x")]),
            ("message", [blob("c"), .integer(.max), blob("ann"), blob(""), blob("x")]),
            ("message", [blob("c"), .integer(1), blob("ann"), blob(""), .blob([0xFF])]),
            ("nothing", [blob("c")]),
        ]
        for (load, row) in rows { world.world.handle(.loaded(load, row: row)) }
        world.enter("ann")
        #expect(world.ask("ann", "CHANNELS") == ["RESULT CHANNELS c"])
        #expect(world.ask("ann", "JOIN c") == ["RESULT JOIN c 1"])
        #expect(world.ask("ann", "SAY c hi") == ["RECV ann c hi"])
    }

    @Test("histories are bounded together, and the oldest message of all goes first")
    func bounds() {
        var directory = ChannelsDirectory(historyLength: 1000)
        let channels = (0..<40).map { directory.create(Array("c\($0)".utf8)) }
        let text = [UInt8](repeating: 0x78, count: 60_000)
        let user = ChannelsUser(name: [0x61])
        for number in 1...2_000 {
            let channel = channels[number % channels.count]
            directory.remember(
                ChannelsMessage(
                    number: Int64(number), channel: channel, sender: user, text: text))
        }
        let kept = channels.flatMap { directory[$0].history.all.map(\.number) }.sorted()
        #expect(kept == Array((2_001 - Int64(kept.count))...2_000))
        let bytes = kept.count * 60_101
        #expect((Limits.channelsHistoriesBytes - 60_101...Limits.channelsHistoriesBytes) ~= bytes)
    }

    @Test("a channel's history is bounded, and what it forgets counts nowhere")
    func ownBounds() {
        var directory = ChannelsDirectory(historyLength: 3)
        let (one, other) = (directory.create([0x61]), directory.create([0x62]))
        let user = ChannelsUser(name: [0x61])
        for number in 1...10_000 {
            let channel = number == 1 ? other : one
            directory.remember(
                ChannelsMessage(number: Int64(number), channel: channel, sender: user, text: [0x78])
            )
        }
        #expect(directory[one].history.all.map(\.number) == [9_998, 9_999, 10_000])
        #expect(directory[other].history.all.map(\.number) == [1])
    }
}
