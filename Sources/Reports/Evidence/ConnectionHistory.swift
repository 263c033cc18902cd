// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// What went over the connections shortly before something was found.
///
/// All connections of the scenario: what one peer misses, another has caused. Barriers are left
/// out, since nobody wrote them into the scenario, unless one is what the finding is about.
struct ConnectionHistory {
    struct Line: Equatable {
        var time: Int64
        /// `alice sends "hi"`, escaped.
        var text: String
        /// Whether it is the message that the finding is about.
        var isSubject: Bool
    }

    private(set) var lines: [Line] = []
    /// How many came before those in `lines`.
    private(set) var omitted = 0

    init(of finding: Finding, in report: ScenarioReport, most: Int = 10, textWidth: Int) {
        guard let transcript = report.transcript else { return }
        let barriers = Barriers(in: transcript)
        let isAboutBarrier = if case .unanswered = finding.kind { true } else { false }
        let entries = Self.entries(upTo: finding, in: transcript)
        let found = zip(entries.indices, entries).compactMap { place, entry -> Line? in
            guard let line = Self.line(entry, finding, report, textWidth) else { return nil }
            let isHidden =
                !isAboutBarrier && !line.isSubject && barriers.contain(entry.event, at: place)
            return isHidden ? nil : line
        }
        omitted = max(0, found.count - most)
        lines = Array(found.suffix(most))
    }

    /// The entries up to the end of the step that found it, or up to the message that shows it.
    private static func entries(
        upTo finding: Finding, in transcript: Transcript
    ) -> ArraySlice<TranscriptEntry> {
        let end = transcript.entries.firstIndex { entry in
            switch entry.event {
            case .finished(let step, _): step == finding.step
            case .message(let number): finding.step == nil && number == finding.message
            default: false
            }
        }
        return end.map { transcript.entries[...$0] } ?? transcript.entries[...]
    }

    private static func line(
        _ entry: TranscriptEntry, _ finding: Finding, _ report: ScenarioReport, _ width: Int
    ) -> Line? {
        let number: Int? = if case .message(let number) = entry.event { number } else { nil }
        let message = number.flatMap { report.message($0) }
        guard let link = message?.link ?? entry.event.link,
            let what = message.map({ "receives \(shown($0.message.payload, width))" })
                ?? entry.event.said(width)
        else { return nil }
        return Line(
            time: entry.time, text: "\(report.plan.label(of: link)) \(what)",
            isSubject: number != nil && number == finding.message)
    }

    /// The bytes in quotes; of long ones the beginning, and how many there are.
    static func shown(_ bytes: [UInt8], _ width: Int) -> String {
        let whole = ByteEscaping.quoted(bytes.prefix(width))
        guard bytes.count > width || whole.count > width else { return whole }
        return whole.prefix(max(8, width - 16)) + "… (\(bytes.count) bytes)"
    }
}

/// The runner's own questions and their answers, which nobody wrote into the scenario.
private struct Barriers {
    private var nonces: [[UInt8]] = []
    private var answers: Set<Int> = []
    /// What was said to answers for which another peer had asked, by the places of the entries.
    private var replies: Set<Int> = []

    init(in transcript: Transcript) {
        var relayed: Set<LinkID> = []
        var replying: Set<LinkID> = []
        for (place, entry) in transcript.entries.enumerated() {
            switch entry.event {
            case .barrierSent(_, let nonce): if !nonce.isEmpty { nonces.append(nonce) }
            case .relayed(let link, _): relayed.insert(link)
            case .barrierAnswered(let link, let message):
                answers.insert(message)
                if relayed.remove(link) != nil { replying.insert(link) }
            case .confirmed(_, let message): answers.insert(message)
            case .said(let link, _, _, _):
                if replying.remove(link) != nil { replies.insert(place) }
            default: continue
            }
        }
    }

    func contain(_ event: TranscriptEvent, at place: Int) -> Bool {
        switch event {
        case .message(let number): answers.contains(number)
        case .said(_, _, _, let payload):
            replies.contains(place)
                || nonces.contains { TextPattern.firstIndex(of: $0, in: payload) != nil }
        default: false
        }
    }
}

extension TranscriptEvent {
    /// What the peer does or meets, where that says something about its connection.
    fileprivate func said(_ width: Int) -> String? {
        switch self {
        case .said(_, _, _, let payload): "sends \(ConnectionHistory.shown(payload, width))"
        case .connected: "connects"
        case .accepting: "waits for the server to connect"
        case .refused: "is refused"
        case .ended(_, .fin): "sees the server close"
        case .ended(_, .reset): "sees the server reset"
        case .closedWrite: "closes its sending side"
        case .closed: "closes"
        case .reset: "resets"
        case .stoppedReading: "stops reading"
        case .resumedReading: "reads again"
        case .began, .finished, .connecting, .learned, .listening, .arrivals, .sent, .taken, .cut,
            .received,
            .message, .barrierSent, .barrierAnswered, .relayed, .confirmed, .answered, .waited,
            .took, .allowed, .cleared, .proof, .chose, .attempt,
            .backlog, .waitedQuietly, .serverEnded, .restarted,
            .threads, .signalled, .searched, .aborted:
            nil
        }
    }
}
