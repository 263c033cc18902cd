// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What a client of hello sends and shows")
struct HelloChatTests {
    @Test("logs in, asks again after a refusal, and sends what was typed meanwhile")
    func login() {
        var machine = HelloChat(name: bytes("ann"))
        #expect(words(machine.connected()) == ["ask: ", "a: HELLO-FROM ann"])
        let refused = words(machine.received(bytes("IN-USE"), on: .main))
        #expect(refused == ["show: IN-USE (somebody of this name is logged in)", "ask: Name: "])
        #expect(words(machine.typed(bytes("bob"))) == ["ask: ", "a: HELLO-FROM bob"])
        #expect(words(machine.typed(bytes("@ann hi"))) == [])
        #expect(words(machine.inputEnded()) == [])
        let granted = words(machine.received(bytes("HELLO bob"), on: .main))
        #expect(granted == ["show: HELLO bob", "ask: > ", "a: SEND ann hi", "finish"])
        let came = words(machine.received(bytes("DELIVERY ann a  b"), on: .main))
        #expect(came == ["show: [ann] a  b"])
    }

    @Test("an answer that does not come holds neither lines nor the end of the input up for ever")
    func overdue() {
        var machine = HelloChat(name: bytes("ann"))
        _ = machine.connected()
        let first = machine.awaitedAnswers
        #expect(machine.takesLines)
        #expect(words(machine.typed(bytes("bob"))) == [])
        #expect(words(machine.received(bytes("IN-USE"), on: .main)).last == "a: HELLO-FROM bob")
        #expect(machine.awaitedAnswers != first)
        #expect(words(machine.inputEnded()) == [])
        #expect(!machine.takesLines)
        #expect(words(machine.answerIsOverdue(isAttended: false)) == ["ask: > ", "finish"])
        #expect(machine.takesLines)
        #expect(words(machine.received(bytes("HELLO bob"), on: .main)) == ["show: HELLO bob"])
    }

    @Test("lines that waited for an answer are sent where it is overdue")
    func overdueLines() {
        var machine = HelloChat(name: bytes("ann"))
        _ = machine.connected()
        for line in ["LIST", "@bob hi"] { #expect(words(machine.typed(bytes(line))) == []) }
        #expect(!machine.takesLines)
        let sent = words(machine.answerIsOverdue(isAttended: true))
        #expect(sent == ["ask: > ", "a: LIST", "a: SEND bob hi"])
        #expect(words(machine.inputEnded()) == ["finish"])
    }

    @Test("a full server ends it")
    func full() {
        var machine = HelloChat(name: bytes("ann"))
        _ = machine.connected()
        #expect(words(machine.received(bytes("BUSY"), on: .main)).last == "end: refused")
    }
}
