// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import SplitClient

@Suite("What chat clients send and show")
struct ChatMachineTests {
    /// What of the effects a reader of this file needs, in words.
    private func words(_ effects: [ChatEffect]) -> [String] {
        effects.map { effect in
            switch effect {
            case .send(let message, .main): "a: " + Self.text(message)
            case .send(let message, .back): "b: " + Self.text(message)
            case .show(let text): "show: " + String(decoding: text, as: UTF8.self)
            case .ask(let prompt): "ask: " + prompt.text
            case .listen: "listen"
            case .leave: "leave"
            case .finish: "finish"
            case .end(.asWished): "end"
            case .end(.refused): "end: refused"
            }
        }
    }

    private static func text(_ message: MessageToCut) -> String {
        String(decoding: message.bytes.prefix(message.contentLength), as: UTF8.self)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("padded: the name, then each line, as frames of 200 bytes; padding is not shown")
    func padded() {
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

    @Test("padded: a line that is too long is cut between characters, and the user told")
    func paddedLong() {
        var machine = PaddedChat(name: bytes("a"))
        let effects = machine.typed(bytes(String(repeating: "x", count: 199) + "éz"))
        let kept = String(repeating: "x", count: 199)
        #expect(words(effects).first == "a: " + kept)
        #expect(words(effects).last?.contains("3 are not sent") == true)
    }

    @Test("padded: the user is told of a name that is too long, too")
    func paddedLongName() {
        var machine = PaddedChat(name: bytes(String(repeating: "n", count: 201)))
        let notice = "show: (a name has at most 200 bytes: the last one is not sent)"
        #expect(words(machine.connected()).contains(notice))
    }

    @Test("hello: logs in, asks again after a refusal, and sends what was typed meanwhile")
    func hello() {
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

    @Test("hello: a full server ends it")
    func helloBusy() {
        var machine = HelloChat(name: bytes("ann"))
        _ = machine.connected()
        #expect(words(machine.received(bytes("BUSY"), on: .main)).last == "end: refused")
    }

    @Test("callback: the two questions, a port of its own, then one command after the other")
    func callback() {
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

    @Test("callback: each message on the second connection is shown and confirmed there")
    func callbackDelivery() {
        var machine = CallbackChat()
        let came = words(machine.received(bytes("/from bob Hi  you"), on: .back))
        #expect(came == ["show: [bob] Hi  you", "b: 302 Message receipt successful"])
        let all = words(machine.received(bytes("/broadcastfrom bob OK."), on: .back))
        #expect(all == ["show: [bob to all] OK.", "b: 302 Message receipt successful"])
    }

    @Test("callback: a refused port ends it")
    func callbackRefused() {
        var machine = CallbackChat()
        _ = machine.typed(bytes("a"))
        _ = machine.typed(bytes("b"))
        _ = machine.received(bytes("101 Authentication successful"), on: .main)
        _ = machine.listening(at: 1)
        let refused = words(machine.received(bytes("202 Build connection failed"), on: .main))
        #expect(refused == ["show: 202 Build connection failed", "end: refused"])
    }

    @Test(
        "json: typed requests become objects",
        arguments: [
            ("login ann", #"{"request": "login", "content": "ann"}"#),
            ("msg say \"hi\"  \\o/", #"{"request": "msg", "content": "say \"hi\"  \\o/"}"#),
            ("names", #"{"request": "names", "content": null}"#),
            ("help", #"{"request": "help", "content": null}"#),
        ])
    func jsonRequests(line: String, request: String) {
        var machine = JSONChat(name: nil)
        #expect(words(machine.typed(bytes(line))) == ["a: " + request])
    }

    @Test("json: what is no request is refused here, and logout says that the end is wished for")
    func jsonOthers() {
        var machine = JSONChat(name: bytes("ann"))
        #expect(words(machine.connected()).last == #"a: {"request": "login", "content": "ann"}"#)
        #expect(words(machine.typed(bytes("hello"))) == [])
        let info = bytes(#"{"timestamp":1,"sender":null,"response":"info","content":"hi"}"#)
        #expect(words(machine.received(info, on: .main))[1].hasPrefix("show: (say msg"))
        let leaving = words(machine.typed(bytes("logout")))
        #expect(leaving == ["leave", #"a: {"request": "logout", "content": null}"#])
    }

    @Test("json: what follows a login waits for its answer, whatever others say meanwhile")
    func jsonLogin() {
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
        "json: responses are shown with time and sender, histories of both forms element by element"
    )
    func jsonResponses() {
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

    @Test("channels: lines of the protocol go out as they are, others into the last channel")
    func channels() {
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

    @Test("channels: a line waits for the answer to the request before it")
    func channelsWait() {
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

    @Test("channels: who is in a channel already speaks there, though a second JOIN is answered 0")
    func channelsMember() {
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

    @Test("channels: an answer that does not come, or would not, holds nothing up for ever")
    func channelsOverdue() {
        var machine = ChannelsChat()
        _ = machine.connected()
        #expect(words(machine.typed(bytes("LOGIN ann"))) == ["a: LOGIN ann"])
        #expect(words(machine.typed(bytes("LOGIN ann  "))) == ["a: LOGIN ann  "])
        #expect(words(machine.typed(bytes("LOGIN ann pw"))) == ["a: LOGIN ann pw"])
        #expect(words(machine.typed(bytes("CHANNELS"))) == [])
        #expect(words(machine.answerIsOverdue()) == ["a: CHANNELS"])
        let late = words(machine.received(bytes("RESULT LOGIN 1"), on: .main))
        #expect(late == ["show: RESULT LOGIN 1"])
    }

    @Test("nothing that a server sends can move a cursor, hide or turn text around")
    func harmless() {
        #expect(HarmlessText.line(bytes("a\\b\té\"")) == "a\\b\té\"")
        #expect(
            HarmlessText.line(bytes("\u{1B}[2J\r\u{202E}") + [0xFF])
                == #"\x1B[2J\r\xE2\x80\xAE\xFF"#)
        #expect(HarmlessText.lines(bytes("a\nb")) == ["a", "b"])
    }
}
