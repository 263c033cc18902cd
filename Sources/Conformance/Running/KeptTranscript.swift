// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

extension ScenarioReport {
    /// Messages of one observation that are kept: whoever sends more has been understood.
    private static var mostObserved: Int { 32 }

    /// Leaves out the endless rest of a flood: what is beyond so many bytes.
    mutating func bound(to bytes: Int) {
        let named = lastNamedMessage + 1
        transcript = transcript?.beginning(bytes: bytes, messages: named)
        serverOutput = serverOutput?.bounded(to: bytes)
        for index in judgement.observed.indices {
            let messages = judgement.observed[index].messages
            judgement.observed[index].messages = Array(messages.prefix(Self.mostObserved))
        }
    }

    /// Leaves out, of a scenario that passed, all but how absence was shown, so that a hundred
    /// thousand cuts fit into memory; the transcript stays where all are to be kept.
    mutating func dropWhatPassed(keepingTranscript isKept: Bool) {
        if verdict == .pass || verdict == .observed { serverOutput = nil }
        if verdict == .pass, !isKept { transcript = transcript?.proofsOnly }
    }

    /// The last message that a finding names, of the few that reports explain; -1 for none.
    private var lastNamedMessage: Int {
        let findings = judgement.findings.prefix(8) + judgement.tolerated.prefix(8)
        let observed = judgement.observed.flatMap { $0.messages.prefix(Self.mostObserved) }
        return (findings.compactMap(\.message) + observed).max() ?? -1
    }
}

extension Transcript {
    fileprivate var proofsOnly: Transcript {
        var kept = Transcript()
        kept.entries = entries.filter { entry in
            if case .proof = entry.event { true } else { false }
        }
        return kept
    }

    /// All that happened until so many bytes had been received, and how it ended.
    fileprivate func beginning(bytes limit: Int, messages named: Int) -> Transcript {
        var (bytes, count) = (0, 0)
        for (index, entry) in entries.enumerated() {
            switch entry.event {
            case .received(_, let chunk): bytes += chunk.count
            case .message(let number): count = number + 1
            default: break
            }
            guard bytes > limit, count >= named else { continue }
            var kept = Transcript()
            kept.messages = Array(messages.prefix(count))
            kept.entries = Array(entries.prefix(index + 1))
            if case .received(let link, let chunk) = entry.event {
                let fitting = Array(chunk.dropLast(bytes - limit))
                kept.entries[index].event = .received(link, fitting)
            }
            if let last = entries.last, case .aborted = last.event { kept.entries.append(last) }
            return kept
        }
        return self
    }
}
