// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import SplitClient

@Suite("What a client of padded sends and shows")
struct PaddedChatTests {
    @Test("the name, then each line, as frames of 200 bytes; padding is not shown")
    func talk() {
        var machine = PaddedChat(name: bytes("Scott"))
        let start = machine.connected()
        #expect(words(start) == ["a: Scott", "ask: [Me] "])
        guard case .send(let frame, _)? = start.first else { return #expect(Bool(false)) }
        #expect(frame.bytes.count == 200)
        #expect(words(machine.typed(bytes("  hi  there"))) == ["a:   hi  there"])
        let came = bytes("[ann] x  y") + [UInt8](repeating: 0x20, count: 190)
        #expect(words(machine.received(came, on: .main)) == ["show: [ann] x  y"])
        #expect(words(machine.inputEnded()) == ["finish"])
    }

    @Test("a line that is too long is cut between characters, and the user told")
    func longLine() {
        var machine = PaddedChat(name: bytes("a"))
        let effects = machine.typed(bytes(String(repeating: "x", count: 199) + "éz"))
        let kept = String(repeating: "x", count: 199)
        #expect(words(effects).first == "a: " + kept)
        #expect(words(effects).last?.contains("3 are not sent") == true)
    }

    @Test("the user is told of a name that is too long, too")
    func longName() {
        var machine = PaddedChat(name: bytes(String(repeating: "n", count: 201)))
        let notice = "show: (a name has at most 200 bytes: the last one is not sent)"
        #expect(words(machine.connected()).contains(notice))
    }
}
