// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Faults of padded")
struct PaddedFaultTests {
    private static let faults = ChatProtocol.padded.faults

    /// What every client hears, step by step, in a talk that touches everything.
    private static let talk = FaultTalk(.padded) { server in
        var talk = Talk(server)
        talk.sayNames()
        talk.moveAbout()
        talk.makeErrors()
        talk.cutAndJoin()
        talk.leave()
        return talk.heard
    }

    @Test(
        "each fault makes a server that differs from the right one",
        arguments: faults.map(\.name)
    )
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

/// A talk among five clients; whoever hears what is written down after each step.
private struct Talk {
    private var world: World
    private var ids: [ConnectionID] = []
    private(set) var heard: [[UInt8]] = []

    init(_ server: any ChatServer) { world = World(server) }

    private mutating func send(_ client: Int, _ texts: String...) {
        bytes(client, texts.flatMap { frame($0) })
    }

    private mutating func bytes(_ client: Int, _ bytes: [UInt8]) {
        world.receive(bytes, from: ids[client])
        write()
    }

    private mutating func write() {
        heard += ids.map { world.take($0) }
        heard.append([UInt8(world.closing.count)])
    }

    mutating func sayNames() {
        for name in ["ann\n", "/bob", "Cid", "dan"] {
            ids.append(world.connect())
            send(ids.count - 1, name)
        }
        // One that never says its name.
        ids.append(world.connect())
    }

    mutating func moveAbout() {
        send(0, "/list")
        send(0, "/create one", "hi")
        send(1, "/join one")
        send(2, "/join one")
        send(3, "/create two")
        send(2, "  Hello  THERE  é  ")
        send(1, "/create three")
        send(0, "where?")
        send(1, "/join two")
        send(1, "/join one")
        send(1, "/list")
        send(1, "/join two")
        send(0, "gone?")
        send(1, "/join one")
        for number in 0..<50 { send(0, "text \(number)") }
    }

    mutating func makeErrors() {
        send(2, "/join", "x")
        send(2, "/create", "x")
        send(2, "/join nowhere", "x")
        send(2, "/create two", "x")
        send(2, "/nope at all", "x")
        send(2, "/joinx two", "x")
        send(2, "/join one")
        ids.append(world.connect())
        send(5, "fay", "outside")
    }

    mutating func cutAndJoin() {
        let text = frame("cut")
        bytes(0, Array(text[..<100]))
        send(2, "meanwhile")
        bytes(0, Array(text[100...]))
        bytes(0, Array(text[..<199]))
        bytes(0, Array(text[199...]))
        bytes(0, text + text[..<50])
        bytes(0, Array(text[50...]))
        bytes(0, frame(String(repeating: "y", count: 200)))
        bytes(2, frame("/create " + String(repeating: "y", count: 192)))
        send(2, "/list", "/join one")
    }

    mutating func leave() {
        bytes(1, Array(frame("never whole")[..<30]))
        for client in [5, 4, 1, 2] {
            world.handle(.inputClosed(ids[client]))
            write()
            world.handle(.closed(ids[client]))
            write()
        }
    }
}
