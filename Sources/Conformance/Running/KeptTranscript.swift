// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

extension ScenarioReport {
    /// Bytes received that are kept of one scenario: far more than any honest server sends.
    private static var mostKept: Int { 1 << 20 }

    /// What is kept of the transcript until the report is written.
    ///
    /// Of a scenario that passed, only how absence was shown, so that a hundred thousand cuts fit
    /// into memory; of any other, all but the endless rest of a flood.
    var keptTranscript: Transcript? {
        guard let transcript else { return nil }
        return verdict == .pass
            ? transcript.proofsOnly
            : transcript.beginning(bytes: Self.mostKept, messages: lastNamedMessage + 1)
    }

    /// The last message that a finding or an observation names; -1 for none.
    private var lastNamedMessage: Int {
        let findings = judgement.findings + judgement.tolerated
        let named = findings.compactMap(\.message) + judgement.observed.flatMap(\.messages)
        return named.max() ?? -1
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
            if let last = entries.last, case .aborted = last.event { kept.entries.append(last) }
            return kept
        }
        return self
    }
}
