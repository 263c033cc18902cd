// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("The server of json")
struct JSONChatServerTests {
    @Test("a login is answered with an info and the history, an empty one too")
    func login() {
        var world = JSONChatWorld()
        world.connect("ann", "bob")
        world.send("ann", "login", "ann")
        #expect(
            world.heard("ann") == ["server info You are logged in as ann.", "server history []"])
        world.send("ann", "msg", "hi")
        world.send("ann", "msg", "ho")
        #expect(world.heard("ann") == ["ann message hi", "ann message ho"])
        #expect(world.heard("bob").isEmpty)
        world.send("bob", "login", "bob")
        #expect(
            world.heard("bob") == [
                "server info You are logged in as bob.",
                "server history [ann message hi|ann message ho]",
            ])
    }

    @Test("the bytes of responses, and of a history of strings and one of objects")
    func bytes() {
        for elements in JSONChatSettings.HistoryElements.allCases {
            var settings = JSONChatSettings()
            settings.historyElements = elements
            var world = JSONChatWorld(settings, "ann")
            let date = LocalTime(year: 2025, month: 1, day: 2, hour: 3, minute: 4, second: 5)
            world.world.handle(.time(ServerTime(elapsed: 9, local: date)))
            world.send(
                "ann", text: #"{"request":"msg","content":"\"\\\u0001\u001F\b\f\n\r\té\u007f"}"#)
            let text = #""\"\\\u0001\u001f\b\f\n\r\té"# + "\u{7F}\""
            let head = #"{"timestamp":"2025-01-02 03:04:05","sender":"#
            let message = head + #""ann","response":"message","content":"# + text + "}"
            #expect(String(decoding: world.heardBytes("ann"), as: UTF8.self) == message + "\n")
            world.send("ann", "join", "common")
            let quoted = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            let element = elements == .object ? message : "\"" + quoted + "\""
            let server = head + #""server","response":"#
            #expect(
                String(decoding: world.heardBytes("ann"), as: UTF8.self)
                    == server + #""info","content":"You are in the room common now."}"# + "\n"
                    + server + #""history","content":["# + element + "]}\n")
        }
    }

    @Test(
        "names of anything but letters and digits are refused",
        arguments: [
            ("", "A name has at least one character."),
            ("a b", "A name has no characters but A-Z, a-z and 0-9."),
            ("a-b", "A name has no characters but A-Z, a-z and 0-9."),
            ("a_b", "A name has no characters but A-Z, a-z and 0-9."),
            ("é", "A name has no characters but A-Z, a-z and 0-9."),
            ("a\u{1}", "A name has no characters but A-Z, a-z and 0-9."),
            (String(repeating: "a", count: 256), "A name has at most 255 characters."),
        ])
    func illegalNames(name: String, text: String) {
        var world = JSONChatWorld()
        world.connect("ann")
        world.send("ann", "login", name)
        world.send("ann", "names")
        #expect(
            world.heard("ann") == [
                "server error \(text)",
                #"server error Log in first; before that only "login" and "help" are served."#,
            ])
    }

    @Test("a name of 255 letters and digits is one")
    func longName() {
        let name = String(repeating: "aZ9", count: 85)
        var world = JSONChatWorld()
        world.connect("ann")
        world.send("ann", "login", name)
        _ = world.heard("ann")
        world.send("ann", "names")
        #expect(world.heard("ann") == ["server info \(name)"])
    }

    @Test("a name in use is refused, and free again after logout, FIN and reset")
    func names() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        for leave in [0, 1, 2] {
            world.connect("bob", "cid")
            world.send("bob", "login", "bob")
            world.send("cid", "login", "bob")
            #expect(world.heard("cid") == ["server error The name bob is taken."])
            world.send("cid", "login", "cid")
            world.send("ann", "names")
            #expect(world.heard("ann") == ["server info ann, bob, cid"])
            if leave == 0 { world.send("bob", "logout") }
            if leave == 1 { world.closeInput("bob") }
            if leave == 2 { world.close("bob") }
            world.send("ann", "names")
            #expect(world.heard("ann") == ["server info ann, cid"])
            world.close("cid")
        }
    }

    @Test("a second login is refused, and the first stays in force")
    func twice() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send("ann", "login", "bob")
        world.send("ann", "msg", "x")
        #expect(
            world.heard("ann") == [
                "server error You are logged in already, as ann.", "ann message x",
            ])
    }

    @Test("logout is answered, then the connection closed; what follows is not looked at")
    func logout() {
        var world = JSONChatWorld(JSONChatSettings(), "ann", "bob")
        world.send(
            "ann", bytes: JSONChatWorld.request("logout") + JSONChatWorld.request("msg", "x"))
        #expect(world.heard("ann") == ["server info You are logged out."])
        #expect(world.isClosing("ann"))
        #expect(world.heard("bob").isEmpty)
    }
}
