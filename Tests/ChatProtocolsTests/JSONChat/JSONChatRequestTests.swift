// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Requests of json")
struct JSONChatRequestTests {
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
