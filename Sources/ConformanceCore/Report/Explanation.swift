// SPDX-License-Identifier: Apache-2.0

package import Specs

/// A finding in words and bytes, for whoever has to understand it in two seconds.
package struct Explanation: Equatable, Sendable {
    /// What the requirement says.
    package var sentence: String
    /// One line: what happened instead.
    package var summary: String
    /// The step, as people read it, and where it stands.
    package var step: String?
    package var position: SourcePosition?
    /// All that would have been accepted.
    package var accepted: [String]
    /// What came, where something came.
    package var actual: [UInt8]?
    /// Where `actual` departs from what is nearest to it.
    package var firstDifference: Int?
    /// The connection that it is about.
    package var connection: String?

    package init(_ finding: Finding, of report: ScenarioReport, requirements: Requirements) {
        let plan = report.plan
        let step = finding.step.flatMap { id in plan.allSteps.first { $0.id == id } }
        sentence = requirements[finding.requirement]?.sentence ?? finding.requirement
        connection = finding.link.map { plan.links[$0.index].label }
        self.step = step.map { $0.described(in: plan) }
        position = step?.position ?? plan.position
        accepted = finding.kind.accepted
        let message = finding.message.flatMap { number in
            report.transcript.flatMap { number < $0.messages.count ? $0.messages[number] : nil }
        }
        let showsFrame = finding.kind.isAboutFrame
        actual = showsFrame ? message?.message.bytes : message?.message.payload
        firstDifference = finding.kind.firstDifference
        summary = Self.summary(finding.kind, on: connection, of: report)
    }

    /// Who is refused because the server is no more is told that: it is why.
    private static func summary(
        _ kind: FindingKind, on connection: String?, of report: ScenarioReport
    ) -> String {
        guard case .refused(let reason) = kind else {
            return kind.sentence(on: connection ?? "a connection")
        }
        // No server could be launched: the reason is a sentence of its own.
        guard let connection else { return reason }
        let sentence = kind.sentence(on: connection)
        return report.serverEnd.map { "\(sentence); the server had ended: \($0)" } ?? sentence
    }
}
