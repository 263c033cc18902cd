// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Faults of json")
struct JSONChatFaultTests {
    private static let faults = ChatProtocol.json.faults

    private static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        for option in ChatProtocol.json.options {
            if option.name == "moderator" { configuration.give("mod", for: option) }
            if option.name == "database" { configuration.give("x", for: option) }
        }
        return configuration
    }

    private static let talk = FaultTalk(.json, configuration) { server in
        var talk = Talk(server)
        talk.logIn()
        talk.speak()
        talk.makeErrors()
        talk.visitRooms()
        talk.moderate()
        talk.cut()
        talk.leave()
        return talk.heard
    }

    @Test(
        "each fault makes a server that differs from the right one", arguments: faults.map(\.name))
    func shows(_ name: String) throws {
        let isRight = try Self.talk.isRight(withFault: name)
        #expect(!isRight)
    }

    @Test("the talk is heard the same when it is repeated: only faults make a difference")
    func isRepeatable() {
        let isRight = Self.talk.isRightAgain()
        #expect(isRight)
    }
}

/// A talk among many clients; whoever hears what is written down after each step.
private struct Talk {
    private var world: World
    private var ids: [ConnectionID] = []
    private(set) var heard: [[UInt8]] = []

    init(_ server: any ChatServer) { world = World(server) }

    private mutating func send(_ client: Int, _ request: String, _ content: String? = nil) {
        bytes(client, JSONChatWorld.request(request, content))
    }

    private mutating func text(_ client: Int, _ text: String) { bytes(client, Array(text.utf8)) }

    private mutating func bytes(_ client: Int, _ bytes: [UInt8]) {
        world.receive(bytes, from: ids[client])
        heard.append([UInt8(world.writes.count)])
        world.store()
        write()
    }

    private mutating func write() {
        heard += ids.map { world.take($0) }
        heard.append([UInt8(world.closing.count)])
    }

    mutating func logIn() {
        for name in ["mod", "ann", "bob", "cid"] {
            ids.append(world.connect())
            let client = ids.count - 1
            for request in ["help", "names", "msg", "nope"] { send(client, request, "x") }
            for wrong in ["", "a b", "a_b", "é", "mod"] where name != "mod" {
                send(client, "login", wrong)
                send(client, "names")
            }
            if ids.count == 1 { send(client, "login", name) } else { send(client, "login", name) }
            send(client, "msg", "I am \(name)")
        }
        send(1, "login", "other")
        send(1, "names")
    }

    mutating func speak() {
        for number in 0..<50 { send(1 + number % 3, "msg", "text \(number)") }
        text(1, #"{"request":"msg","content":"é\\\n{"}"#)
        text(1, #"{"content":"x","y":1,"request":"msg"}"#)
        send(1, "msg", String(repeating: "z", count: 5_000))
        text(1, "{ \n\"request\":\"names\",\"content\":null}")
    }

    mutating func makeErrors() {
        for wrong in [#"{"request":"msg"}"#, #"{"request":"msg","content":7}"#, "[]", "{}"] {
            text(2, wrong)
        }
        send(2, "nope")
        send(2, "names")
    }

    mutating func visitRooms() {
        for (request, content) in [
            ("create", "r"), ("rooms", nil), ("create", "r"), ("join", "q"), ("rooms", nil),
            ("join", "r"), ("msg", "here"), ("names", nil), ("leave", nil), ("msg", "there"),
            ("join", "r"), ("names", nil), ("leave", nil),
        ] {
            send(3, request, content)
        }
    }

    mutating func moderate() {
        send(1, "remove", "1")
        send(0, "remove", "2")
        ids.append(world.connect())
        send(4, "login", "dan")
        send(0, "kick", "dan")
        world.handle(.closed(ids[4]))
        for _ in 0..<2 {
            ids.append(world.connect())
            send(ids.count - 1, "login", "dan")
            send(0, "ban", "dan")
            world.handle(.closed(ids[ids.count - 1]))
        }
        send(0, "names")
    }

    mutating func cut() {
        let message = JSONChatWorld.request("msg", "cut é")
        bytes(1, Array(message[..<10]))
        send(2, "msg", "meanwhile")
        bytes(1, Array(message[10...]))
        let character = message.count - 3
        bytes(1, Array(message[..<character]))
        bytes(1, Array(message[character...]))
        bytes(1, message + message)
        ids.append(world.connect())
        let silent = ids.count - 1
        send(1, "msg", "a silent one is there")
        text(silent, String(repeating: "[", count: 600))
        send(1, "msg", "something was malformed")
    }

    mutating func leave() {
        send(3, "logout")
        send(0, "names")
        ids.append(world.connect())
        send(ids.count - 1, "login", "cid")
        world.handle(.inputClosed(ids[1]))
        write()
        send(0, "names")
        world.handle(.closed(ids[1]))
        world.handle(.closed(ids[2]))
        send(0, "names")
        ids.append(world.connect())
        send(ids.count - 1, "login", "bob")
        send(0, "msg", "to the new one")
    }
}
