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

    @Test("help names all requests, before login and after, and moderators' where there are any")
    func help() {
        var settings = JSONChatSettings()
        var world = JSONChatWorld(settings, "ann")
        world.connect("visitor")
        world.send("visitor", "help")
        let help = world.heard("visitor")
        world.send("ann", "help")
        #expect(world.heard("ann") == help)
        let plain: Set = [
            "login", "logout", "msg", "names", "help", "rooms", "create", "join", "leave",
        ]
        #expect(Self.requests(in: help) == plain)
        settings.moderators = [Array("mod".utf8)]
        var moderated = JSONChatWorld(settings, "ann")
        moderated.send("ann", "help")
        #expect(
            Self.requests(in: moderated.heard("ann")) == plain.union(["kick", "ban", "remove"]))
    }

    private static func requests(in help: [String]) -> Set<String> {
        let lines = help.joined().replacing("server info ", with: "").split(separator: "\n")
        return Set(lines.map { String($0.prefix { $0.isLetter }) })
    }

    @Test(
        "well-formed JSON that is no request is refused, and the session goes on",
        arguments: [
            ("[]", #"A request is a JSON object with the keys "request" and "content"."#),
            ("42\n", #"A request is a JSON object with the keys "request" and "content"."#),
            (#""x""#, #"A request is a JSON object with the keys "request" and "content"."#),
            ("{}", #"The key "request" is missing; it names what is asked for."#),
            (#"{"request":7}"#, #"The value of "request" must be a string."#),
            (#"{"request":"no\"pe"}"#, #"There is no request "no"pe"; "help" lists them all."#),
            (#"{"request":"msg"}"#, #"The request "msg" needs a "content"."#),
            (#"{"request":"msg","content":null}"#, #"The "content" of "msg" must be a string."#),
            (
                #"{"request":"msg","content":[1,{"a":2}]}"#,
                #"The "content" of "msg" must be a string."#
            ),
            (
                #"{"request":"create","content":{}}"#,
                #"The "content" of "create" must be a string."#
            ),
            (
                #"{"request":"msg","request":"ms"}"#,
                #"There is no request "ms"; "help" lists them all."#
            ),
        ])
    func refuses(text: String, error: String) {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send("ann", text: text)
        world.send("ann", "names")
        #expect(world.heard("ann") == ["server error \(error)", "server info ann"])
        #expect(!world.isClosing("ann"))
    }

    @Test(
        "the order of keys, further keys and white space mean nothing, the last of equal keys counts",
        arguments: [
            #"{"content":"hi","request":"msg"}"#,
            #"{"request":"msg","x":{"content":"no"},"content":"hi","y":[[{"request":1}]]}"#,
            " \t\r\n{ \"request\" :\n\"msg\"\t, \"content\":\"hi\" } \n",
            #"{"request":"msg","content":"no","content":7,"content":"hi"}"#,
            #"{"\u0072equest":"ms\u0067","content":"\u0068i"}"#,
        ])
    func variants(text: String) {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send("ann", text: text)
        #expect(world.heard("ann") == ["ann message hi"])
    }

    @Test(
        "names, logout and help look at no content",
        arguments: ["", #","content":"None""#, #","content":[1]"#])
    func contentIsIgnored(content: String) {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        for request in ["names", "help", "logout"] {
            world.send("ann", text: "{\"request\":\"\(request)\"\(content)}")
        }
        let heard = world.heard("ann")
        #expect(heard.count == 3)
        #expect(heard.allSatisfy { $0.hasPrefix("server info") })
    }

    @Test("an empty message is sent to all; who has not logged in hears nothing")
    func emptyMessage() {
        var world = JSONChatWorld(JSONChatSettings(), "ann", "bob")
        world.connect("visitor")
        world.send("ann", "msg", "")
        #expect(world.heard("ann") == ["ann message "])
        #expect(world.heard("bob") == ["ann message "])
        #expect(world.heard("visitor").isEmpty)
    }
}
