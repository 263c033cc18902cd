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
