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
        #expect(shown(list) == "RESULT CHANNELS a, b, c\n")
        for name in ["b", "aa", "é"] { list.insert(Array(name.utf8)) }
        #expect(list.names.count == 5)
        #expect(shown(list) == "RESULT CHANNELS a, aa, b, c, é\n")
        #expect(shown(ChannelsNameList()) == "RESULT CHANNELS \n")
    }

    @Test("a host's channels leave the list, and no other's")
    func listsWithoutHost() {
        var list = ChannelsNameList()
        for name in ["c", "c:h", "h", "a:h", "c:hh", "c:x.h"] { list.insert(Array(name.utf8)) }
        list.insert(Array("b:h".utf8))
        list.remove(host: Array("h".utf8))
        #expect(shown(list) == "RESULT CHANNELS c, c:hh, c:x.h, h\n")
    }

    private func shown(_ list: ChannelsNameList) -> String {
        String(decoding: ChannelsReply.text(of: list).bytes, as: UTF8.self)
    }
}
