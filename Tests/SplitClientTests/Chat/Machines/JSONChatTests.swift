// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What a client of json sends and shows")
struct JSONChatTests {
    @Test(
        "typed requests become objects",
        arguments: [
            ("login ann", #"{"request": "login", "content": "ann"}"#),
            ("msg say \"hi\"  \\o/", #"{"request": "msg", "content": "say \"hi\"  \\o/"}"#),
            ("names", #"{"request": "names", "content": null}"#),
            ("help", #"{"request": "help", "content": null}"#),
        ])
    func requests(line: String, request: String) {
        var machine = JSONChat(name: nil)
        #expect(words(machine.typed(bytes(line))) == ["a: " + request])
    }

    @Test("what is no request is refused here, and logout says that the end is wished for")
    func refusals() {
        var machine = JSONChat(name: bytes("ann"))
        #expect(words(machine.connected()).last == #"a: {"request": "login", "content": "ann"}"#)
        #expect(words(machine.typed(bytes("hello"))) == [])
        let info = bytes(#"{"timestamp":1,"sender":null,"response":"info","content":"hi"}"#)
        #expect(words(machine.received(info, on: .main))[1].hasPrefix("show: (say msg"))
        let leaving = words(machine.typed(bytes("logout")))
        #expect(leaving == ["leave", #"a: {"request": "logout", "content": null}"#])
    }

    @Test("what follows a login waits for its answer, whatever others say meanwhile")
    func login() {
        var machine = JSONChat(name: nil)
        #expect(words(machine.typed(bytes("login ann"))).count == 1)
        #expect(machine.takesLines)
        #expect(words(machine.typed(bytes("msg hi"))) == [])
        #expect(!machine.takesLines)
        let said = bytes(#"{"timestamp":1,"sender":"bob","response":"message","content":"x"}"#)
        #expect(words(machine.received(said, on: .main)) == ["show: 1 [bob] x"])
        #expect(words(machine.inputEnded()) == [])
        let history = bytes(#"{"timestamp":1,"sender":null,"response":"history","content":[]}"#)
        let granted = words(machine.received(history, on: .main))
        #expect(granted == [#"a: {"request": "msg", "content": "hi"}"#, "finish"])
    }

    @Test(
        "responses are shown with time and sender, histories of both forms element by element"
    )
    func responses() {
        var machine = JSONChat(name: nil)
        func shown(_ text: String) -> [String] { words(machine.received(bytes(text), on: .main)) }
        #expect(
            shown(#"{"timestamp":"10:00","sender":"ann","response":"message","content":"a\nb"}"#)
                == ["show: 10:00 [ann] a\n    b"])
        #expect(
            shown(#"{"timestamp":1,"sender":null,"response":"error","content":"no"}"#)
                == ["show: 1 error: no"])
        let inner =
            #"{\"timestamp\":\"9\",\"sender\":\"bob\",\"response\":\"message\",\"content\":\"x\"}"#
        let object = #"{"timestamp":"8","sender":"eve","response":"message","content":"y"}"#
        let history =
            #"{"timestamp":"10","sender":"server","response":"history","content":["\#(inner)",\#(object),"plain"]}"#
        #expect(shown(history) == ["show: 9 [bob] x", "show: 8 [eve] y", "show: plain"])
        #expect(shown("[1]") == ["show: 1"])
        #expect(shown("oops") == ["show: oops"])
    }
}
