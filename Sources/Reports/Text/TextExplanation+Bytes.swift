// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore

/// What was required, and what came instead.
extension TextExplanation {
    mutating func addBytes(
        _ finding: Finding, _ explanation: Explanation, _ scenario: ScenarioReport
    ) {
        let evidence = ByteEvidence(finding, explanation, of: scenario)
        guard let evidence else { return addAccepted(explanation.accepted) }
        if evidence.needsHexDump {
            addAccepted(explanation.accepted)
            let text = ConnectionHistory.shown(evidence.actual, layout.fieldWidth)
            layout.field("received", lines: [text] + evidence.hexDump)
        } else if let offset = evidence.difference {
            addComparison(evidence, offset, explanation.accepted)
        } else {
            addAccepted(explanation.accepted)
            layout.field("received", ByteEscaping.quoted(evidence.actual))
        }
    }

    private mutating func addAccepted(_ accepted: [String]) {
        let most = 6
        for (number, text) in accepted.prefix(most).enumerated() {
            layout.field(number == 0 ? "required" : "  or", text)
        }
        if accepted.count > most { layout.field("  or", "\(accepted.count - most) others") }
    }

    /// Both texts, the same part of each, with a mark beneath the first difference.
    private mutating func addComparison(
        _ evidence: ByteEvidence, _ offset: Int, _ accepted: [String]
    ) {
        let window = ComparisonWindow(offset: offset, width: layout.fieldWidth)
        if let nearest = evidence.nearest, accepted == [ByteEscaping.quoted(nearest)] {
            layout.field("required", lines: [window.shown(nearest)])
        } else {
            addAccepted(accepted)
        }
        let mark = String(repeating: " ", count: window.markColumn(in: evidence.actual))
        layout.field(
            "received", lines: [window.shown(evidence.actual), mark + "^ first difference"])
    }
}

/// The part of two texts around the offset at which they differ, that fits into a line.
private struct ComparisonWindow {
    private let start: Int
    private let offset: Int
    private let width: Int

    init(offset: Int, width: Int) {
        self.offset = offset
        self.width = width
        start = offset + 24 <= width ? 0 : offset - width / 2
    }

    func shown(_ bytes: [UInt8]) -> String {
        let text = ByteEscaping.quoted(bytes.dropFirst(start))
        return TextLayout.shortened((start > 0 ? "…" : "") + text, to: width)
    }

    func markColumn(in bytes: [UInt8]) -> Int {
        let before = bytes.prefix(offset).dropFirst(start)
        return (start > 0 ? 1 : 0) + ByteEscaping.quoted(before).count - 1
    }
}
