// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What a client of callback sends and shows")
struct CallbackChatTests {
    @Test("the two questions, a port of its own, then one command after the other")
    func talk() {
        var machine = CallbackChat()
        #expect(words(machine.connected()) == ["ask: Please input your user name:"])
        #expect(words(machine.typed(bytes("jacky"))) == ["ask: Please input your password:"])
        #expect(words(machine.typed(bytes("1"))) == ["ask: ", "a: /login jacky 1"])
        let failed = words(machine.received(bytes("102 Authentication failed"), on: .main))
        #expect(failed.last == "ask: Please input your user name:")
        _ = machine.typed(bytes("jacky"))
        _ = machine.typed(bytes("2"))
        let granted = machine.received(bytes("101 Authentication successful"), on: .main)
        #expect(words(granted).last == "listen")
        #expect(words(machine.listening(at: 30_232)) == ["a: /port 30232"])
        #expect(words(machine.typed(bytes("/list"))) == [])
        #expect(words(machine.typed(bytes("/exit"))) == [])
        let open = words(machine.received(bytes("201 Build connection successful"), on: .main))
        #expect(open == ["show: 201 Build connection successful", "ask: > ", "a: /list"])
        let listed = words(machine.received(bytes("301 jacky"), on: .main))
        #expect(listed == ["show: 301 jacky", "a: /exit"])
        #expect(words(machine.received(bytes("310 Bye bye"), on: .main)).last == "end")
    }

    @Test("each message on the second connection is shown and confirmed there")
    func deliveries() {
        var machine = CallbackChat()
        let came = words(machine.received(bytes("/from bob Hi  you"), on: .back))
        #expect(came == ["show: [bob] Hi  you", "b: 302 Message receipt successful"])
        let all = words(machine.received(bytes("/broadcastfrom bob OK."), on: .back))
        #expect(all == ["show: [bob to all] OK.", "b: 302 Message receipt successful"])
    }

    @Test("a command that is not answered holds neither the next nor the end up for ever")
    func overdueCommand() {
        var machine = loggingIn()
        _ = machine.received(bytes("101 Authentication successful"), on: .main)
        _ = machine.listening(at: 1)
        _ = machine.received(bytes("201 Build connection successful"), on: .main)
        #expect(words(machine.typed(bytes("/list"))) == ["a: /list"])
        let first = machine.awaitedAnswers
        #expect(words(machine.typed(bytes("/to bob x"))) == [])
        #expect(words(machine.answerIsOverdue(isAttended: true)) == ["a: /to bob x"])
        #expect(machine.awaitedAnswers != first)
        #expect(machine.takesLines)
        #expect(words(machine.inputEnded()) == [])
        #expect(!machine.takesLines)
        #expect(words(machine.answerIsOverdue(isAttended: false)) == ["finish"])
    }

    @Test("without its login a script ends; who attends waits on, up to the end of the input")
    func overdueLogin() {
        var machine = loggingIn()
        #expect(words(machine.typed(bytes("/list"))) == [])
        #expect(words(machine.answerIsOverdue(isAttended: true)) == [])
        let first = machine.awaitedAnswers
        #expect(words(machine.inputEnded()) == [])
        #expect(machine.awaitedAnswers != first)
        let ended = words(machine.answerIsOverdue(isAttended: false))
        #expect(ended == ["show: (the server has not answered the login)", "end: refused"])
    }

    @Test("a port that is never confirmed ends a script, too")
    func overduePort() {
        var machine = loggingIn()
        _ = machine.received(bytes("101 Authentication successful"), on: .main)
        _ = machine.listening(at: 1)
        #expect(words(machine.inputEnded()) == [])
        #expect(!machine.takesLines)
        let ended = words(machine.answerIsOverdue(isAttended: false))
        #expect(ended == ["show: (the server has not confirmed the port)", "end: refused"])
    }

    private func loggingIn() -> CallbackChat {
        var machine = CallbackChat()
        _ = machine.connected()
        _ = machine.typed(bytes("ann"))
        _ = machine.typed(bytes("pw"))
        return machine
    }

    @Test("a refused port ends it")
    func refusedPort() {
        var machine = CallbackChat()
        _ = machine.typed(bytes("a"))
        _ = machine.typed(bytes("b"))
        _ = machine.received(bytes("101 Authentication successful"), on: .main)
        _ = machine.listening(at: 1)
        let refused = words(machine.received(bytes("202 Build connection failed"), on: .main))
        #expect(refused == ["show: 202 Build connection failed", "end: refused"])
    }
}
