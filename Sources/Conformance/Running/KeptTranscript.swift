// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

extension ScenarioReport {
    /// Messages of one observation that are kept: whoever sends more has been understood.
    private static var mostObserved: Int { 32 }

    /// Findings that are kept, and as many that were tolerated: a flood breaks rules by the
    /// thousand.
    private static var mostFindings: Int { 32 }

    /// Leaves out the endless rest of a flood: what is beyond so many bytes.
    mutating func bound(to bytes: Int) {
        boundFindings()
        serverOutput = serverOutput?.bounded(to: bytes)
        guard let whole = transcript, whole.receivedBytes > bytes else { return }
        let short = ShortenedTranscript(whole, limit: bytes, named: namedMessages)
        transcript = short.transcript
        judgement = judgement.renumbered(short.numbers)
    }

    private mutating func boundFindings() {
        let weighty = weightyFirst
        omittedFindings = max(0, weighty.count - Self.mostFindings)
        if omittedFindings > 0 {
            judgement.findings = Array(weighty.prefix(Self.mostFindings))
        }
        judgement.tolerated = Array(judgement.tolerated.prefix(Self.mostFindings))
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

    /// The messages that findings and observations name.
    private var namedMessages: Set<Int> {
        let findings = judgement.findings + judgement.tolerated
        let observed = judgement.observed.flatMap { $0.messages }
        return Set(findings.compactMap(\.message) + observed)
    }
}

extension Transcript {
    fileprivate var proofsOnly: Transcript {
        var kept = Transcript()
        kept.entries = entries.filter { entry in
            switch entry.event {
            case .proof, .waited: true
            default: false
            }
        }
        return kept
    }
}
