// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What a client of channels sends and shows")
struct ChannelsChatTests {
    @Test("lines of the protocol go out as they are, others into the last channel")
    func lines() {
        var machine = ChannelsChat()
        #expect(words(machine.connected()) == ["ask: > "])
        #expect(words(machine.typed(bytes("hi")))[0].hasPrefix("show: (no channel yet"))
        #expect(words(machine.typed(bytes("JOIN c:h"))) == ["a: JOIN c:h"])
        let joined = words(machine.received(bytes("RESULT JOIN c:h 1"), on: .main))
        #expect(joined == ["show: RESULT JOIN c:h 1", "ask: c:h> "])
        #expect(words(machine.typed(bytes("hi  all"))) == ["a: SAY c:h hi  all"])
        #expect(words(machine.typed(bytes("SAY d x"))) == ["a: SAY d x", "ask: d> "])
        let came = words(machine.received(bytes("RECV ann d a  b"), on: .main))
        #expect(came == ["show: [ann d] a  b"])
    }

    @Test("a line waits for the answer to the request before it")
    func waits() {
        var machine = ChannelsChat()
        _ = machine.connected()
        #expect(words(machine.typed(bytes("LOGIN ann pw"))) == ["a: LOGIN ann pw"])
        for line in ["JOIN tea", "hello", "CHANNELS"] {
            #expect(words(machine.typed(bytes(line))) == [])
        }
        #expect(words(machine.inputEnded()) == [])
        #expect(!machine.takesLines)
        let others = words(machine.received(bytes("RECV bob c x"), on: .main))
        #expect(others == ["show: [bob c] x"])
        let granted = words(machine.received(bytes("RESULT LOGIN 1"), on: .main))
        #expect(granted == ["show: RESULT LOGIN 1", "a: JOIN tea"])
        let joined = words(machine.received(bytes("RESULT JOIN tea 1\r"), on: .main))
        let rest = ["ask: tea> ", "a: SAY tea hello", "a: CHANNELS", "finish"]
        #expect(joined == ["show: RESULT JOIN tea 1"] + rest)
    }

    @Test("who is in a channel already speaks there, though a second JOIN is answered 0")
    func member() {
        var machine = ChannelsChat()
        _ = machine.connected()
        _ = machine.typed(bytes("JOIN tea"))
        let member = words(machine.received(bytes("RESULT JOIN tea 0"), on: .main))
        #expect(member[1].hasPrefix("show: (no such channel, or joined before"))
        #expect(member.last == "ask: tea> ")
        #expect(words(machine.typed(bytes("hi"))) == ["a: SAY tea hi"])
        _ = machine.typed(bytes("JOIN tea"))
        let again = words(machine.received(bytes("RESULT JOIN tea 0"), on: .main))
        #expect(again == ["show: RESULT JOIN tea 0"])
    }

    @Test("an answer that does not come, or would not, holds nothing up for ever")
    func overdue() {
        var machine = ChannelsChat()
        _ = machine.connected()
        #expect(words(machine.typed(bytes("LOGIN ann"))) == ["a: LOGIN ann"])
        #expect(words(machine.typed(bytes("LOGIN ann  "))) == ["a: LOGIN ann  "])
        #expect(words(machine.typed(bytes("LOGIN ann pw"))) == ["a: LOGIN ann pw"])
        #expect(words(machine.typed(bytes("CHANNELS"))) == [])
        #expect(words(machine.answerIsOverdue(isAttended: false)) == ["a: CHANNELS"])
        let late = words(machine.received(bytes("RESULT LOGIN 1"), on: .main))
        #expect(late == ["show: RESULT LOGIN 1"])
    }
}
