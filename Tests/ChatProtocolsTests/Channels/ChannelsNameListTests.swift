// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

/// Names as long as they may be, in an order that has no order.
private func names(_ range: Range<Int>, host: String = "") -> [[UInt8]] {
    range.map { number in
        let digits = String((number &* 7919) % 100_003)
        let padding = String(repeating: "x", count: 240 - digits.count)
        let (before, behind) = (padding.prefix(number % 200), padding.dropFirst(number % 200))
        return Array("\(before)\(digits)\(behind)\(host)".utf8)
    }
}

@Suite("Lists of names in pieces")
struct ChannelsNameListTests {
    private func told(_ names: [[UInt8]]) -> [UInt8] {
        let sorted = Set(names).sorted { $0.lexicographicallyPrecedes($1) }
        var text = "RESULT CHANNELS ".bytes
        text += sorted.joined(separator: ", ".bytes)
        text += "\n".bytes
        return text
    }

    private func list(of names: [[UInt8]]) -> ChannelsNameList {
        var list = ChannelsNameList()
        for name in names { list.insert(name) }
        return list
    }

    @Test("names are told sorted, once each, whatever the order of their coming")
    func sorts() {
        let all = names(0..<3000)
        let list = list(of: all + all.prefix(100))
        #expect(list.changes == 3000)
        let text = ChannelsReply.text(of: list)
        let isSorted = text.bytes == told(all)
        #expect(isSorted)
        #expect(text.pieces.count > 10)
        #expect(text.pieces.allSatisfy { $0.count <= Limits.channelsListBlock + 16 })
    }

    @Test("many short names stand in pieces, too")
    func shortNames() {
        let all = (0..<20_000).map { Array(String($0).utf8) }
        let text = ChannelsReply.text(of: list(of: all))
        let isSorted = text.bytes == told(all)
        #expect(isSorted)
        #expect(text.pieces.count > 4)
    }

    @Test("a new name makes one piece new, beside the two at the ends")
    func changesOnePiece() throws {
        let all = names(0..<4000)
        var list = list(of: all)
        let before = ChannelsReply.text(of: list)
        let rewritten = list.rewritten
        list.insert(Array("m".utf8))
        let after = ChannelsReply.text(of: list)
        #expect(after.bytes.count == before.bytes.count + 3)
        let kept = Set(before.pieces.map(address)).intersection(after.pieces.map(address))
        // A piece may have become two.
        #expect(kept.count >= before.pieces.count - 3)
        #expect(list.rewritten - rewritten <= Limits.channelsListBlock)
    }

    /// Where the bytes stand, which texts have in common.
    private func address(_ piece: [UInt8]) -> UInt {
        piece.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }

    @Test("the channels of a host leave every piece, and small pieces become one")
    func removesHost() {
        let own = names(0..<1500)
        var list = list(of: own + names(1500..<4000, host: ":h"))
        let before = ChannelsReply.text(of: list).pieces.count
        list.remove(host: Array("h".utf8))
        let text = ChannelsReply.text(of: list)
        let isRight = text.bytes == told(own)
        #expect(isRight)
        #expect(text.pieces.count < before)
        for name in names(4000..<4100) { list.insert(name) }
        let isStillRight = ChannelsReply.text(of: list).bytes == told(own + names(4000..<4100))
        #expect(isStillRight)
    }

    @Test("servers are told each channel once, in the order of making, and what was written stays")
    func ownList() {
        var list = ChannelsOwnList()
        #expect(list.text.bytes == "FEDCHANNELS \n".bytes)
        let text = ChannelsLinkText(own: "h".bytes)
        for name in names(0..<1000) { list.append(name, text) }
        let before = list.text
        list.append("last".bytes, text)
        let after = list.text
        #expect(list.count == 1001)
        let isLonger = after.bytes == before.bytes + "FEDNEW last\n".bytes
        #expect(isLonger)
        #expect(before.pieces.dropLast().map(address) == after.pieces.dropLast().map(address))
        #expect(before.pieces.count > 3)
    }

    @Test("bytes are compared in their order, wherever they differ")
    func compares() {
        var texts: [[UInt8]] = [[], [0], [0xFF], Array("é".utf8)]
        for length in 0..<20 {
            let text = [UInt8](repeating: 0x61, count: length)
            texts += [text, text + [0x00], text + [0x80, 0x01], text + [0x01, 0x80]]
        }
        for one in texts {
            for other in texts {
                #expect(one.precedes(other) == one.lexicographicallyPrecedes(other))
            }
        }
    }
}
