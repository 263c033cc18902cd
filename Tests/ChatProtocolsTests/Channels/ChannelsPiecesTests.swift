// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("The pieces of channels")
struct ChannelsPiecesTests {
    private func command(_ line: String) -> ChannelsCommand {
        ChannelsCommand(Array(line.utf8).span)
    }

    @Test("commands have words between single spaces, and a text of any bytes")
    func commands() {
        #expect(command("REGISTER u p") == .register(user: 9..<10, password: 11..<12))
        #expect(command("LOGIN u p") == .login(user: 6..<7, password: 8..<9))
        #expect(command("CREATE c") == .create(7..<8))
        #expect(command("JOIN c") == .join(5..<6))
        #expect(command("SAY c  x y ") == .say(channel: 4..<5, text: 6..<11))
        #expect(command("CHANNELS") == .channels)
        for line in ["", "SAY", "SAY c", "SAY c ", "SAY  x", "JOIN c d", "JOIN ", "login u p"] {
            #expect(command(line) == .ignored)
        }
        #expect(ChannelsCommand([0x53, 0x41, 0x59, 0x20, 0x63, 0x20, 0xFF].span) == .ignored)
    }

    @Test("lists are sorted by bytes, and hold each name once")
    func lists() {
        var list = ChannelsNameList()
        for name in ["b", "a", "c", "a"] { list.insert(Array(name.utf8)) }
        list.insert(contentsOf: ["b", "aa", "é"].map { Array($0.utf8) })
        var text: [UInt8] = []
        list.append(to: &text)
        #expect(String(decoding: text, as: UTF8.self) == "a, aa, b, c, é")
        list.remove { $0 == [0x62] }
        #expect(list.names.count == 4)
    }
}
