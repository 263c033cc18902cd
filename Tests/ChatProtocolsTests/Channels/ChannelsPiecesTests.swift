// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("The pieces of channels")
struct ChannelsPiecesTests {
    private let stream = Array("CHANNELS\n\nSAY c hé €😀\r\nX\nhalf".utf8)
    private let lines = ["CHANNELS", "", "SAY c hé €😀\r", "X"].map { Array($0.utf8) }

    private func cut(_ segments: [ArraySlice<UInt8>], limit: Int = 100) -> (
        lines: [[UInt8]], tooLong: Int
    ) {
        var framer = LineFramer(limit: limit)
        var (lines, tooLong): ([[UInt8]], Int) = ([], 0)
        for segment in segments {
            var rest = segment
            while !rest.isEmpty {
                let taken = framer.take(rest.span) { piece, line in
                    switch piece {
                    case .line: lines.append(line.bytes)
                    case .tooLong: tooLong += 1
                    }
                }
                #expect(taken > 0)
                rest = rest.dropFirst(taken)
            }
        }
        return (lines, tooLong)
    }

    @Test("every cut of a stream in three, and single bytes, give the same lines")
    func cuts() {
        for first in 0...stream.count {
            for second in first...stream.count {
                let segments = [stream[..<first], stream[first..<second], stream[second...]]
                #expect(cut(segments).lines == lines)
            }
        }
        #expect(cut(stream.indices.map { stream[$0...$0] }).lines == lines)
    }

    @Test("a line is too long with one byte more than the limit, before its newline comes")
    func tooLong() {
        let line = [UInt8](repeating: 0x78, count: 8)
        #expect(cut([(line + [0x0A])[...]], limit: 8) == ([line], 0))
        #expect(cut([line[...], [0x78]], limit: 8) == ([], 1))
        #expect(cut([(line + [0x78, 0x0A])[...]], limit: 8) == ([], 1))
    }

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
