// SPDX-License-Identifier: Apache-2.0

import Bytes
import Reports
import TestSupport
import Testing

@testable import ConformanceCore
@testable import Specs

@Suite("What a synthesised capture costs", .serialized)
struct CaptureCostTests {
    private let rich: RichReport

    init() throws { rich = try RichReport() }

    /// One message of so many bytes, in as many segments, by a step whose text names them all.
    private func floodByteByByte(_ bytes: Int) -> ScenarioReport {
        var scenario = rich.scenario(.fail, transcript: Transcript())
        var transcript = Transcript()
        func add(_ event: TranscriptEvent) {
            let time = Int64(transcript.entries.count)
            transcript.entries.append(TranscriptEntry(time: time, event: event))
        }
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: bytes)
        for index in scenario.plan.steps.indices where index == 0 {
            scenario.plan.steps[index].action = .transmit(
                RichReport.alice,
                Transmission(pieces: [.raw(TextPattern([.literal(content)]))], split: .bytes))
        }
        let step = scenario.plan.steps[0].id
        add(.connecting(RichReport.alice))
        add(.connected(RichReport.alice))
        for byte in content { add(.sent(RichReport.alice, [byte], step: step)) }
        scenario.transcript = transcript
        return scenario
    }

    private func capture(_ scenario: ScenarioReport) -> [UInt8] {
        PcapngCapture.bytes(
            of: scenario, requirements: rich.requirements,
            endpoints: .init(serverAddress: [127, 0, 0, 1], serverPort: 9000, started: 0),
            tool: .init(name: "chatspec", version: "0.1.0")) ?? []
    }

    @Test("a long message that goes out byte by byte is named once, not in each packet")
    func sizeIsLinear() {
        let (short, long) = (capture(floodByteByByte(2000)), capture(floodByteByByte(4000)))
        #expect(short.count > 2000 * 100)
        #expect(long.count < short.count * 9 / 4)
    }

    @Test("twice as many segments cost about twice as much")
    func timeIsLinear() {
        let (short, long) = (floodByteByByte(4000), floodByteByByte(16_000))
        let ofShort = ProcessorTime.least { _ = capture(short) }
        let ofLong = ProcessorTime.least { _ = capture(long) }
        // Four times as much; what is quadratic takes sixteen times as long.
        #expect(ofLong < ofShort * 8, "\(ofShort) ns, then \(ofLong) ns")
    }
}
