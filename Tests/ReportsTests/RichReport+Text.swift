// SPDX-License-Identifier: Apache-2.0

import Bytes
import Reports

@testable import ConformanceCore

/// What people are told of its scenarios.
extension RichReport {
    func explained(
        _ scenarios: [ScenarioReport], style: TextStyle = TextStyle()
    ) -> String {
        TextExplanation.render(
            report(scenarios), requirements: requirements, style: style)
    }

    func mismatch(_ wanted: String, _ got: String, id: String = "case") -> ScenarioReport {
        let (wanted, got) = (Array(wanted.utf8), Array(got.utf8))
        let kind = FindingKind.mismatch(
            Mismatch(
                accepted: [ByteEscaping.quoted(wanted)],
                firstDifference: zip(wanted, got).prefix { $0 == $1 }.count, nearest: wanted))
        return scenario(
            .fail, findings: [finding(kind, message: 0)],
            transcript: transcript(bobReceives: [got]), id: id)
    }
}
