// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import Testing

@Suite("What is kept of a transcript where a server sent without end")
struct ShortenedTranscriptTests {
    private let link = LinkID(0)

    /// A hundred messages of a hundred bytes, each of which a step has cleared away.
    private var flood: Transcript {
        var transcript = Transcript()
        for number in 0..<100 {
            let bytes = [UInt8](repeating: UInt8(number), count: 100)
            let message = FramedMessage(
                payload: bytes, bytes: bytes, streamOffset: number * 100)
            transcript.messages.append(
                ReceivedMessage(link: link, message: message, form: nil, state: "any"))
            for event in [.received(link, bytes), .message(number), .cleared(message: number)]
                as [TranscriptEvent]
            {
                transcript.entries.append(TranscriptEntry(time: Int64(number), event: event))
            }
        }
        transcript.entries.append(
            TranscriptEntry(time: 100, event: .aborted(.flooded(bytes: 10_000))))
        return transcript
    }

    @Test("the beginning stays to the byte, and what was left out is counted")
    func beginning() {
        let short = ShortenedTranscript(flood, limit: 250, named: [])
        let received = short.transcript.entries.compactMap { entry in
            if case .received(_, let chunk) = entry.event { chunk.count } else { nil }
        }
        #expect(received == [100, 100, 50])
        #expect(short.transcript.omittedBytes == 9_750)
        #expect(short.transcript.messages.map(\.message.streamOffset) == [0, 100])
    }

    @Test("a message that a finding names stays, under a new number")
    func named() {
        let short = ShortenedTranscript(flood, limit: 250, named: [70])
        #expect(short.numbers == [0: 0, 1: 1, 70: 2])
        #expect(short.transcript.messages.last?.message.payload.first == 70)
        let finding = Finding(
            requirement: "must", level: .must, isPreamble: false, kind: .unexpected, message: 70)
        let judgement = Judgement(verdict: .fail, findings: [finding]).renumbered(short.numbers)
        #expect(judgement.findings.map { $0.message } == [2])
    }

    @Test("events about messages go with them, and all that the runner did stays")
    func events() {
        let short = ShortenedTranscript(flood, limit: 250, named: [70])
        let cleared = short.transcript.entries.compactMap { entry in
            if case .cleared(let number) = entry.event { number } else { nil }
        }
        #expect(cleared == [0, 1, 2])
        #expect(short.transcript.entries.last?.event == .aborted(.flooded(bytes: 10_000)))
    }

    @Test("a flood of tiny messages is bounded by their number")
    func tiny() {
        let short = ShortenedTranscript(flood, limit: 640, named: [])
        #expect(short.transcript.messages.count == 6)
        let fewer = ShortenedTranscript(flood, limit: 128, named: [])
        #expect(fewer.transcript.messages.count == 1)
    }
}
