// SPDX-License-Identifier: Apache-2.0

import Bytes
import TestSupport
import Testing

@testable import ChatProtocols

@Suite("Input of json")
struct JSONChatStreamTests {
    /// Requests back to back, with everything in them that a cut can fall into.
    private static let stream: [UInt8] = Array(
        (#"{"request":"msg","content":"é€😀\ud83d\ude00\n\"}{"}{"content":null,"request":"names"}"#
            + "\n\t [null,true,-1.5e3]" + #"{"request":"msg","content":"last"}"#).utf8)

    private static let answers = [
        "ann message é€😀😀\n\"}{", "server info ann",
        #"server error A request is a JSON object with the keys "request" and "content"."#,
        "ann message last",
    ]

    @Test("requests are handled when they are complete, wherever the stream is cut in two")
    func cutsInTwo() {
        for cut in 0...Self.stream.count {
            var world = JSONChatWorld(JSONChatSettings(), "ann")
            world.send("ann", bytes: Self.stream[..<cut])
            let early = world.heard("ann")
            world.send("ann", bytes: Self.stream[cut...])
            #expect(early + world.heard("ann") == Self.answers, "cut at \(cut)")
        }
    }

    @Test("a byte at a time gives the same, and each answer as soon as its request is whole")
    func bytewise() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        var heard: [String] = []
        for (index, byte) in Self.stream.enumerated() {
            world.send("ann", bytes: [byte])
            let answers = world.heard("ann")
            heard += answers
            if !answers.isEmpty { #expect("}]".utf8.contains(byte), "at \(index)") }
        }
        #expect(heard == Self.answers)
    }

    @Test(
        "what is no JSON is answered with an error, then the connection is closed",
        arguments: [
            "{'request': 'names'}\n", #"{"request":}"#, "}", "\"\u{1}\"", "nul ", "[1,]",
            #""\ud800x""#, #""\ude00""#, "01", "\u{FEFF}{}", "// x",
        ])
    func malformed(text: String) {
        var world = JSONChatWorld(JSONChatSettings(), "ann", "bob")
        world.send("ann", text: text + #"{"request":"msg","content":"behind"}"#)
        let heard = world.heard("ann")
        #expect(heard.count == 1)
        #expect(heard.first?.hasPrefix("server error This is not valid JSON, at byte ") == true)
        #expect(world.isClosing("ann"))
        world.send("ann", "msg", "later")
        #expect(world.heard("ann").isEmpty)
        world.send("bob", "names")
        #expect(world.heard("bob") == ["server info bob"])
    }

    @Test("invalid UTF-8 in a string is malformed")
    func invalidUTF8() {
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82, 0x22]] {
            var world = JSONChatWorld(JSONChatSettings(), "ann")
            world.send("ann", bytes: Array(#"{"request":"msg","content":""#.utf8) + bytes)
            #expect(world.heard("ann").count == 1)
            #expect(world.isClosing("ann"))
        }
    }

    @Test("the error says at which byte of the stream")
    func errorPlace() {
        var world = JSONChatWorld()
        world.connect("ann")
        world.send("ann", text: "{}  ")
        _ = world.heard("ann")
        world.send("ann", text: "}")
        #expect(
            world.heard("ann") == [
                "server error This is not valid JSON, at byte 5 of what you sent: } stands where a "
                    + "value should begin."
            ])
    }

    @Test("512 levels are no request; the 513th, and 10,000, end the connection")
    func depth() {
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send(
            "ann",
            text: String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
        #expect(world.heard("ann").count == 1)
        #expect(!world.isClosing("ann"))
        for depth in [513, 10_000] {
            var world = JSONChatWorld(JSONChatSettings(), "ann")
            world.send("ann", text: String(repeating: "[", count: depth))
            #expect(
                world.heard("ann").first?.hasSuffix("nested deeper than 512 arrays and objects.")
                    == true)
            #expect(world.isClosing("ann"))
        }
    }

    @Test("a request of one mebibyte is served, one byte more is not")
    func length() {
        let frame = JSONChatWorld.request("msg", "").count
        let longest = String(repeating: "x", count: (1 << 20) - frame)
        var world = JSONChatWorld(JSONChatSettings(), "ann")
        world.send("ann", "msg", longest)
        #expect(world.heard("ann") == ["ann message \(longest)"])
        world.send("ann", "msg", longest + "x")
        #expect(world.heard("ann").first?.hasSuffix("longer than 1048576 bytes.") == true)
        #expect(world.isClosing("ann"))
    }

    @Test("at the end of input whole requests are answered, half a one is dropped")
    func endOfInput() {
        var world = JSONChatWorld(JSONChatSettings(), "ann", "bob")
        world.send("ann", text: #"{"request":"msg","content":"whole"}{"request":"msg","con"#)
        world.closeInput("ann")
        #expect(world.heard("ann") == ["ann message whole"])
        #expect(world.isClosing("ann"))
        #expect(world.heard("bob") == ["ann message whole"])
        world.send("bob", text: "42")
        #expect(world.heard("bob").isEmpty)
        world.closeInput("bob")
        #expect(world.heard("bob").count == 1)
    }

    /// Time is compared, not measured: eight times the bytes may cost about eight times as much.
    @Test("a request in segments of one byte costs linear time", .timeLimit(.minutes(15)))
    func isLinear() {
        let one = Self.duration(ofLength: 1_500)
        let sixteen = Self.duration(ofLength: 24_000)
        // Quadratic work would make it 256.
        #expect(sixteen < one * 64)
    }

    private static func duration(ofLength count: Int) -> Int64 {
        var world = World(JSONChatServer())
        let client = world.connect()
        world.receive(JSONChatWorld.request("login", "ann"), from: client)
        let long = JSONChatWorld.request("msg", String(repeating: "a\"€", count: count / 5))
        return ProcessorTime.least {
            for byte in long { world.receive(CollectionOfOne(byte), from: client) }
        }
    }

    @Test("a machine whose effects are full takes no further request, and goes on later")
    func fullEffects() {
        var server = JSONChatServer()
        var effects = EffectBuffer()
        let id = ConnectionID(slot: 0, generation: 0)
        server.handle(.connected(id), into: &effects)
        let stream = Array((0..<4000).map { _ in JSONChatWorld.request("help") }.joined())
        var taken = server.receive(stream.span, from: id, into: &effects)
        #expect(taken < stream.count)
        #expect(effects.payloads.count < Limits.effectBytes + 2_000)
        var output = effects.payloads
        while taken < stream.count {
            effects.removeAll()
            taken += server.receive(stream.span.extracting(taken...), from: id, into: &effects)
            output += effects.payloads
        }
        #expect(JSONChatWorld.responses(output).count == 4000)
    }

    @Test("nothing makes the machine trap", arguments: 0..<40 as Range<UInt64>)
    func survivesAnything(seed: UInt64) {
        var settings = JSONChatSettings()
        settings.hasStore = seed.isMultiple(of: 2)
        settings.moderators = [Array("a1".utf8)]
        RandomTalk.hold(seed: seed, with: JSONChatServer(settings)) {
            world, client, number, generator in
            switch number {
            case 2: world.receive(generator.noise(below: 50), from: client)
            case 3: world.store { _ in generator.next(below: 3) == 0 ? .full : nil }
            default: world.receive(request(&generator), from: client)
            }
        } hear: { output, place in
            let lines = output.count { $0 == 0x0A }
            #expect(JSONChatWorld.responses(output).count == lines, "\(place)")
        }
    }

    private func request(_ generator: inout SeededGenerator) -> [UInt8] {
        let verbs = JSONChatVerb.allCases
        let contents = ["a1", "a2", "r1", "r2", "1", "2", "x\u{0}€", ""]
        let request = JSONChatWorld.request(
            verbs[generator.next(below: verbs.count)].rawValue,
            contents[generator.next(below: contents.count)])
        let length = generator.next(below: 8) == 0 ? generator.next(below: 20) : request.count
        return Array(request.prefix(length))
    }
}
