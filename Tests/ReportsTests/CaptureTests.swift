// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing

@testable import ConformanceCore

@Suite("synthesised captures")
struct CaptureTests {
    private let rich: RichReport
    private static let started: Int64 = 1_735_787_045_123_456_789

    init() throws {
        rich = try RichReport()
    }

    private func capture(
        _ transcript: Transcript, findings: [Finding] = [], server: [UInt8] = [127, 0, 0, 1],
        ports: [LinkID: UInt16] = [:]
    ) throws -> CaptureFile {
        let scenario = rich.scenario(.fail, findings: findings, transcript: transcript)
        let bytes = PcapngCapture.bytes(
            of: scenario, requirements: rich.requirements,
            endpoints: .init(
                serverAddress: server, serverPort: 9000, started: Self.started, clientPorts: ports),
            tool: .init(name: "chatspec", version: "0.1.0"))
        return try CaptureFile(try #require(bytes))
    }

    private func transcript(_ events: [TranscriptEvent]) -> Transcript {
        var transcript = Transcript()
        for (number, event) in events.enumerated() {
            transcript.entries.append(TranscriptEntry(time: Int64(number) * 1000, event: event))
        }
        return transcript
    }

    private static let alice = RichReport.alice
    private static let bob = RichReport.bob

    @Test("one section, one interface of raw IP in nanoseconds, then the packets")
    func structure() throws {
        let file = try capture(rich.transcript(bobReceives: [RichReport.hostile]))
        #expect(file.blockTypes.prefix(2) == [0x0A0D_0D0A, 1])
        #expect(file.blockTypes.dropFirst(2).allSatisfy { $0 == 6 })
        #expect(file.linkType == 101)
        #expect(file.timeResolution == 9)
        #expect(file.packets.first?.time == UInt64(Self.started) + 250_000)
        #expect(file.packets.map(\.time) == file.packets.map(\.time).sorted())
    }

    @Test(
        "every byte, however much at once, follows the one before, and is acknowledged once",
        arguments: [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1], [10, 1, 2, 3]])
    func streams(server: [UInt8]) throws {
        let up = (0..<200_001).map { UInt8(truncatingIfNeeded: $0) }
        let down = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let file = try capture(
            transcript([
                .connecting(Self.bob), .connected(Self.bob), .sent(Self.bob, up, step: nil),
                .received(Self.bob, down), .sent(Self.bob, [1, 2, 3], step: nil),
                .closedWrite(Self.bob), .received(Self.bob, [4]), .ended(Self.bob, .fin),
                .closed(Self.bob),
            ]), server: server)
        let segments = try file.packets.map { try CapturedSegment($0.bytes) }
        var next: [Int: UInt32] = [:]
        var streams: [Int: [UInt8]] = [:]
        for (number, segment) in segments.enumerated() {
            if let expected = next[segment.source] { #expect(segment.sequence == expected) }
            let opposite = next[segment.destination]
            if number > 0 { #expect(segment.acknowledgement == opposite) }
            let counted = segment.flags & (CapturedSegment.syn | CapturedSegment.fin) == 0 ? 0 : 1
            next[segment.source] =
                segment.sequence &+ UInt32(segment.payload.count) &+ UInt32(counted)
            streams[segment.source, default: []] += segment.payload
        }
        #expect(streams[49_152] == up + [1, 2, 3])
        #expect(streams[9000] == down + [4])
        #expect(segments.count { $0.flags & CapturedSegment.fin != 0 } == 2)
        #expect(segments.prefix(3).map { $0.flags & 0x17 } == [0x02, 0x12, 0x10])
    }

    @Test("a refused connection is answered by a reset, and a reset ends what was open")
    func resets() throws {
        let file = try capture(
            transcript([
                .connecting(Self.alice), .refused(Self.alice, reason: "Connection refused"),
                .connecting(Self.bob), .connected(Self.bob), .ended(Self.bob, .reset),
                .sent(Self.bob, [1], step: nil), .closed(Self.bob),
            ]))
        let flags = try file.packets.map { try CapturedSegment($0.bytes).flags }
        #expect(flags == [0x02, 0x14, 0x02, 0x12, 0x10, 0x14])
        #expect(file.packets[1].comments == ["alice is refused: Connection refused"])
    }

    @Test("each connection has a port of its own; the runner's real ones are used")
    func ports() throws {
        let events: [TranscriptEvent] = [
            .connecting(Self.alice), .connecting(Self.bob), .connecting(Self.bob),
        ]
        func sources(_ ports: [LinkID: UInt16]) throws -> [Int] {
            try capture(transcript(events), ports: ports).packets
                .map { try CapturedSegment($0.bytes).source }
        }
        #expect(try sources([:]) == [49_152, 49_153, 49_154])
        #expect(try sources([Self.alice: 49_153, Self.bob: 5000]) == [49_153, 5000, 49_154])
    }

    @Test("a connection that the server opens begins with its packet, and ends as any other")
    func accepted() throws {
        let events: [TranscriptEvent] = [
            .listening(ListenerID(0), port: 20_001), .accepting(Self.bob), .connected(Self.bob),
            .received(Self.bob, [1]), .sent(Self.bob, [2], step: nil), .ended(Self.bob, .fin),
        ]
        let scenario = rich.scenario(.fail, transcript: transcript(events))
        let ends = ConnectionEnds(
            ours: CaptureEnd(address: [127, 0, 0, 1], port: 20_001),
            theirs: CaptureEnd(address: [127, 0, 0, 1], port: 40_000))
        for accepted in [[Self.bob: ends], [:]] {
            let bytes = PcapngCapture.bytes(
                of: scenario, requirements: rich.requirements,
                endpoints: .init(
                    serverAddress: [127, 0, 0, 1], serverPort: 9000, started: Self.started,
                    accepted: accepted),
                tool: .init(name: "chatspec", version: "0.1.0"))
            let segments = try CaptureFile(try #require(bytes)).packets
                .map { try CapturedSegment($0.bytes) }
            #expect(segments.map(\.flags) == [2, 0x12, 0x10, 0x18, 0x10, 0x18, 0x10, 0x11, 0x10])
            #expect(segments[0].source != 9000 && segments[0].source == segments[3].source)
            if !accepted.isEmpty {
                #expect(segments[0].source == 40_000 && segments[0].destination == 20_001)
            }
        }
    }

    @Test("comments name the scenario, its steps, and findings where they belong")
    func comments() throws {
        let file = try capture(
            rich.transcript(bobReceives: [Array("[alice] ho".utf8), [0x1B, 0x5B]]),
            findings: [
                rich.finding(.unexpected, message: 0),
                rich.finding(.notEnded(waited: 2_000_000_000)),
                rich.finding(.notRefused, link: RichReport.alice),
            ])
        let first = try #require(file.packets.first).comments
        #expect(first.count == 2)
        #expect(first[0].hasPrefix("scenario case: It holds (fail); synthesised from"))
        #expect(first[1] == "alice connects")
        let findings = try file.packets.filter { $0.comments.contains { $0.hasPrefix("finding") } }
            .map { try CapturedSegment($0.bytes).payload.prefix(10) }
        #expect(
            findings == [
                ArraySlice("hi        ".utf8), ArraySlice("[alice] ho".utf8),
                ArraySlice([0x1B, 0x5B] + [UInt8](repeating: 0x20, count: 8)),
            ])
    }

    @Test("nothing is captured without a transcript, or between addresses of two families")
    func nothing() throws {
        let endpoints = PcapngCapture.Endpoints(
            serverAddress: [127, 0, 0, 1], serverPort: 1, started: 0, clientAddress: [1])
        let tool = Report.Tool(name: "chatspec", version: "0.1.0")
        let some = rich.scenario(.fail, transcript: transcript([]))
        #expect(
            PcapngCapture.bytes(
                of: some, requirements: rich.requirements, endpoints: endpoints, tool: tool) == nil)
        var right = endpoints
        right.clientAddress = nil
        #expect(
            PcapngCapture.bytes(
                of: rich.scenario(.fail), requirements: rich.requirements, endpoints: right,
                tool: tool) == nil)
    }
}
