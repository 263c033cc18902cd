// SPDX-License-Identifier: Apache-2.0

/// What is kept of a transcript where a server sent without end.
///
/// Rules:
/// - All that the runner did stays.
/// - Of what it received, so many bytes and messages from the beginning stay, and of the rest only
///   messages that are named, without the bytes around them.
/// - Messages have new numbers, in their old order.
package struct ShortenedTranscript {
    package private(set) var transcript = Transcript()
    /// New numbers of the messages that stay, by their old ones.
    package private(set) var numbers: [Int: Int] = [:]

    private let limit: Int
    private let named: Set<Int>
    private var bytes = 0
    private var messages = 0

    /// One message for so many bytes: a flood of tiny ones costs more by their number.
    private static let bytesForMessage = 64

    /// `limit` is in received bytes; `named` are messages that stay wherever they stand.
    package init(_ whole: Transcript, limit: Int, named: Set<Int>) {
        self.limit = limit
        self.named = named
        for entry in whole.entries {
            guard let event = kept(entry.event, of: whole) else { continue }
            transcript.entries.append(TranscriptEntry(time: entry.time, event: event))
        }
    }

    private mutating func kept(
        _ event: TranscriptEvent, of whole: Transcript
    ) -> TranscriptEvent? {
        switch event {
        case .received(let link, let chunk): received(link, chunk)
        case .message(let number): message(number, of: whole)
        case .barrierAnswered(let link, let number):
            numbers[number].map { .barrierAnswered(link, message: $0) }
        case .confirmed(let link, let number):
            numbers[number].map { .confirmed(link, message: $0) }
        case .answered(let step, let rule, let number):
            numbers[number].map { .answered(step, rule: rule, message: $0) }
        case .took(let step, let number): numbers[number].map { .took(step, message: $0) }
        case .allowed(let number): numbers[number].map { .allowed(message: $0) }
        case .cleared(let number): numbers[number].map { .cleared(message: $0) }
        case .began, .finished, .connecting, .connected, .learned, .listening, .accepting,
            .arrivals,
            .refused, .sent, .said, .taken, .cut, .barrierSent, .relayed, .waited, .proof, .chose,
            .attempt, .ended, .closedWrite, .closed, .reset,
            .stoppedReading, .resumedReading, .backlog, .waitedQuietly, .serverEnded,
            .restarted, .threads, .signalled, .searched, .aborted:
            event
        }
    }

    private mutating func received(_ link: LinkID, _ chunk: [UInt8]) -> TranscriptEvent? {
        let fitting = Array(chunk.prefix(max(0, limit - bytes)))
        bytes += chunk.count
        transcript.omittedBytes += chunk.count - fitting.count
        return fitting.isEmpty ? nil : .received(link, fitting)
    }

    private mutating func message(_ number: Int, of whole: Transcript) -> TranscriptEvent? {
        messages += 1
        let isEarly = bytes <= limit && messages <= limit / Self.bytesForMessage
        guard isEarly || named.contains(number) else { return nil }
        numbers[number] = transcript.messages.count
        transcript.messages.append(whole.messages[number])
        return .message(transcript.messages.count - 1)
    }
}

extension Judgement {
    /// The same, about a transcript whose messages have new numbers.
    package func renumbered(_ numbers: [Int: Int]) -> Judgement {
        var judgement = self
        judgement.findings = findings.map { $0.renumbered(numbers) }
        judgement.tolerated = tolerated.map { $0.renumbered(numbers) }
        for index in observed.indices {
            judgement.observed[index].messages = observed[index].messages.compactMap {
                numbers[$0]
            }
        }
        return judgement
    }
}

extension Finding {
    fileprivate func renumbered(_ numbers: [Int: Int]) -> Finding {
        var finding = self
        finding.message = message.flatMap { numbers[$0] }
        return finding
    }
}
