// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// What went over the connections shortly before something was found.
///
/// All connections of the scenario: what one peer misses, another has caused. Barriers are left
/// out, since nobody wrote them into the scenario.
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
        let found = Self.events(upTo: finding, in: transcript).compactMap { entry in
            Self.line(entry, finding, report, textWidth)
        }
        omitted = max(0, found.count - most)
        lines = Array(found.suffix(most))
    }

    /// The entries up to the end of the step that found it, without barriers and their answers.
    private static func events(
        upTo finding: Finding, in transcript: Transcript
    ) -> [TranscriptEntry] {
        let entries = transcript.entries
        let end = entries.firstIndex { entry in
            if case .finished(let step, _) = entry.event { step == finding.step } else { false }
        }
        let answers = Set(
            entries.compactMap { entry -> Int? in
                if case .barrierAnswered(_, let number) = entry.event { number } else { nil }
            })
        let range = entries.prefix((end ?? entries.count - 1) + 1)
        return range.indices.compactMap { index in
            let entry = range[index]
            switch entry.event {
            // A barrier is said in the entry behind its announcement.
            case .said: return index > 0 && entries[index - 1].event.isBarrier ? nil : entry
            case .message(let number):
                return answers.contains(number) && number != finding.message ? nil : entry
            default: return entry
            }
        }
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

extension TranscriptEvent {
    fileprivate var isBarrier: Bool {
        if case .barrierSent = self { true } else { false }
    }

    /// What the peer does or meets, where that says something about its connection.
    fileprivate func said(_ width: Int) -> String? {
        switch self {
        case .said(_, _, _, let payload): "sends \(ConnectionHistory.shown(payload, width))"
        case .connected: "connects"
        case .refused: "is refused"
        case .ended(_, .fin): "sees the server close"
        case .ended(_, .reset): "sees the server reset"
        case .closedWrite: "closes its sending side"
        case .closed: "closes"
        case .reset: "resets"
        case .stoppedReading: "stops reading"
        case .resumedReading: "reads again"
        case .began, .finished, .connecting, .sent, .taken, .cut, .received, .message,
            .barrierSent, .barrierAnswered, .took, .allowed, .cleared, .proof, .chose, .attempt,
            .backlog, .waitedQuietly, .serverEnded, .aborted:
            nil
        }
    }
}
