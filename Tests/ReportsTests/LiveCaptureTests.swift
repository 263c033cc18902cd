// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ConformanceCore
@testable import Reports
@testable import Specs

@Suite("recorded captures")
struct LiveCaptureTests {
    private let rich: RichReport
    private static let started: Int64 = 1_735_787_045_123_456_789
    private static let server = CaptureEnd(address: [127, 0, 0, 1], port: 9000)
    private static let alice = RichReport.alice
    private static let bob = RichReport.bob

    init() throws {
        rich = try RichReport()
    }

    private static func client(_ port: UInt16) -> CaptureEnd {
        CaptureEnd(address: [127, 0, 0, 1], port: port)
    }

    /// What a network would have shown of alice's and bob's talk in `RichReport`, a frame a packet.
    private func recorded(
        _ names: [String] = ["alice", "bob"], linkHeader: [UInt8] = Wire.ethernet4,
        version6: Bool = false
    ) -> [RecordedPacket] {
        var wire = Wire(linkHeader: linkHeader, started: Self.started, version6: version6)
        for (number, name) in names.enumerated() {
            wire.connect(UInt16(5000 + number))
            wire.say(rich.frame(name), from: .client, UInt16(5000 + number))
        }
        wire.say(rich.frame("hi"), from: .client, 5000)
        wire.say(rich.frame("[alice] hi"), from: .server, 5001)
        return wire.packets
    }

    private func recording(
        _ packets: [RecordedPacket], clients: [LinkID: UInt16] = [alice: 5000, bob: 5001],
        linkType: LinkType = .ethernet, server: CaptureEnd = server
    ) -> Recording {
        Recording(
            interface: "lo", linkType: linkType, packets: packets, server: server,
            clients: clients.mapValues { CaptureEnd(address: server.address, port: $0) },
            started: Self.started)
    }

    private func scenario(_ findings: [Finding] = []) -> ScenarioReport {
        rich.scenario(
            .fail, findings: findings,
            transcript: rich.transcript(bobReceives: [Array("[alice] hi".utf8)]))
    }

    private func file(
        _ recording: Recording, _ scenario: ScenarioReport
    ) throws -> CaptureFile {
        try CaptureFile(
            try LiveCapture.bytes(
                of: scenario, requirements: rich.requirements, recording: recording,
                tool: .init(name: "chatspec", version: "0.1.0")))
    }

    @Test("the packets are those of the network, byte for byte, with their times and link type")
    func packets() throws {
        let packets = recorded()
        let file = try file(recording(packets), scenario())
        #expect(file.linkType == 1)
        #expect(file.timeResolution == 9)
        #expect(file.packets.map(\.bytes) == packets.map(\.bytes))
        #expect(file.packets.map(\.time) == packets.map { UInt64($0.time) })
    }

    @Test("the comments stand on the packets that carry what they are about")
    func comments() throws {
        let file = try file(
            recording(recorded()), scenario([rich.finding(.unexpected, message: 0)]))
        func commented(_ prefix: String) -> [[UInt8]] {
            file.packets.filter { $0.comments.contains { $0.hasPrefix(prefix) } }.map(\.bytes)
        }
        let head = try #require(file.packets.first).comments
        #expect(head.first?.hasPrefix("scenario case: It holds (fail); recorded on") == true)
        #expect(head.dropFirst() == ["alice connects"])
        #expect(commented("bob connects").count == 1)
        let findings = commented("finding: ")
        #expect(findings.count == 1)
        #expect(findings.first?.suffix(200) == rich.frame("[alice] hi")[...])
        let said = file.packets.first { $0.bytes.suffix(200) == rich.frame("hi")[...] }
        #expect(said?.comments.count == 1)
    }

    @Test("what others say to the same server at the same time is left out")
    func others() throws {
        let packets = recorded()
        var stranger = Wire(started: Self.started)
        stranger.connect(6000)
        stranger.say(rich.frame("stranger"), from: .client, 6000)
        let mixed = (packets + stranger.packets).sorted { $0.time < $1.time }
        let file = try file(recording(mixed), scenario())
        #expect(file.packets.map(\.bytes) == packets.map(\.bytes))
    }

    @Test("IPv6, virtual networks, cooked and raw packets are understood")
    func linkTypes() throws {
        let loopback6 = CaptureEnd(
            address: [UInt8](repeating: 0, count: 15) + [1], port: Self.server.port)
        let cases: [(LinkType, [UInt8], Bool)] = [
            (.ethernet, Wire.ethernet6, true), (.raw, [], false), (.raw, [], true),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x81, 0, 0, 5, 8, 0], false),
            (.linuxCooked, [UInt8](repeating: 0, count: 14) + [8, 0], false),
            (.linuxCooked2, [0x86, 0xDD] + [UInt8](repeating: 0, count: 18), true),
        ]
        for (linkType, header, version6) in cases {
            let packets = recorded(linkHeader: header, version6: version6)
            let recording = recording(
                packets, linkType: linkType, server: version6 ? loopback6 : Self.server)
            let file = try file(recording, scenario())
            #expect(file.packets.count == packets.count, "\(linkType)")
            #expect(file.linkType == Int(linkType.rawValue))
        }
    }

    // MARK: What is not whole

    private func gap(
        _ packets: [RecordedPacket], clients: [LinkID: UInt16] = [alice: 5000, bob: 5001]
    ) -> RecordingGap? {
        do {
            _ = try file(recording(packets, clients: clients), scenario())
            return nil
        } catch {
            return error as? RecordingGap
        }
    }

    @Test("each packet that carries something is missed when it is missing")
    func missing() {
        let packets = recorded()
        #expect(gap(packets) == nil)
        for index in packets.indices {
            var rest = packets
            let removed = RecordedSegment(rest.remove(at: index), .ethernet)
            // Pure acknowledgements say nothing that later ones do not.
            guard let removed, removed.length > 0 || removed.flags.contains(.syn) else { continue }
            #expect(gap(rest) != nil, "packet \(index)")
        }
    }

    @Test("connections of which nothing was recorded, and packets that were cut off, are named")
    func gaps() throws {
        let packets = recorded()
        #expect(gap([]) == .unseen("alice"))
        #expect(gap(packets, clients: [Self.alice: 5000, Self.bob: 7000]) == .unseen("bob"))
        var short = packets
        let last = try #require(short.indices.last)
        short[last].bytes = Array(short[last].bytes.dropLast(10))
        #expect(gap(short.dropLast() + [packets[last]]) == nil)
        var cut = packets
        let index = try #require(cut.lastIndex { $0.bytes.count > 200 })
        cut[index].bytes = Array(cut[index].bytes.dropLast(10))
        #expect(gap(cut) == .cutOff)
    }

    @Test("what was sent again, or came in another order, is still whole")
    func disorder() {
        var packets = recorded()
        packets.append(packets[3])
        packets.swapAt(3, 4)
        #expect(gap(packets) == nil)
    }

    @Test("a connection that was refused is the one that began while the runner tried")
    func refused() throws {
        var wire = Wire(started: Self.started)
        wire.refuse(5005)
        var transcript = Transcript()
        transcript.entries = [
            TranscriptEntry(time: 0, event: .connecting(Self.alice)),
            TranscriptEntry(
                time: 300_000, event: .refused(Self.alice, reason: "Connection refused")),
        ]
        var late = Wire(started: Self.started + 1_000_000_000)
        late.refuse(5006)
        let scenario = rich.scenario(.fail, transcript: transcript)
        let file = try file(recording(wire.packets + late.packets, clients: [:]), scenario)
        #expect(file.packets.map(\.bytes) == wire.packets.map(\.bytes))
        #expect(file.packets.last?.comments == ["alice is refused: Connection refused"])
    }

    @Test("a connection that the server opened is known by both of its ends")
    func accepted() throws {
        var wire = Wire(started: Self.started)
        wire.accept(20_001, from: 40_000)
        wire.say(Array("hello".utf8), from: .server, 20_001)
        wire.say(Array("yes".utf8), from: .client, 20_001)
        var others = Wire(started: Self.started)
        others.accept(20_001, from: 40_001)
        let events: [TranscriptEvent] = [
            .accepting(Self.bob), .connected(Self.bob), .received(Self.bob, Array("hello".utf8)),
            .sent(Self.bob, Array("yes".utf8), step: nil),
        ]
        var transcript = Transcript()
        transcript.entries = events.map { TranscriptEntry(time: 0, event: $0) }
        var recording = recording(wire.packets + others.packets, clients: [:])
        recording.accepted = [
            Self.bob: ConnectionEnds(ours: Self.client(20_001), theirs: Self.client(40_000))
        ]
        let scenario = rich.scenario(.fail, transcript: transcript)
        let whole = try file(recording, scenario)
        #expect(whole.packets.map(\.bytes) == wire.packets.map(\.bytes))
        recording.packets.removeFirst()
        #expect(throws: RecordingGap.unseen("bob")) { try file(recording, scenario) }
    }

    @Test("bytes that are no packets are no segments, however they end")
    func garbage() {
        let packet = recorded()[3]
        for count in packet.bytes.indices {
            let short = RecordedPacket(
                time: 0, length: packet.length, bytes: Array(packet.bytes.prefix(count)))
            #expect((RecordedSegment(short, .ethernet) == nil) == (count < 48))
        }
        for byte in UInt8.min...UInt8.max {
            for linkType in [LinkType.ethernet, .raw, .linuxCooked, .linuxCooked2] {
                let noise = RecordedPacket(
                    time: 0, length: 60, bytes: [UInt8](repeating: byte, count: 60))
                #expect(RecordedSegment(noise, linkType) == nil || linkType == .raw)
            }
        }
    }
}
