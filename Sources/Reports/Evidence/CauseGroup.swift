// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Scenarios that did not succeed for the same cause: the first is explained, the others listed.
///
/// The same cause is the same kind of finding, in the same words, about the same requirement at
/// the same place; what stops a server as a whole may stop it anywhere.
struct CauseGroup {
    var first: ScenarioReport
    var others: [ScenarioReport] = []

    private struct Key: Hashable {
        var verdict: Verdict
        var kind: String
        var summary: String
        var requirement: String
        var position: SourcePosition?

        init(_ report: ScenarioReport, _ requirements: Requirements) {
            verdict = report.verdict
            guard let finding = report.weightyFirst.first else {
                (kind, summary, requirement) = ("", "", report.plan.scenarioID)
                return
            }
            let explanation = Explanation(finding, of: report, requirements: requirements)
            kind = finding.kind.word
            // How long or how often differs from case to case, as does who heard of it.
            summary =
                if case .strayed = finding.kind { "" } else {
                    explanation.summary.filter { !$0.isNumber && $0 != "." }
                }
            // A preamble is the same whatever the scenario that needs it is about.
            requirement = finding.isPreamble ? "" : finding.requirement
            position = finding.kind.isAboutServer ? nil : explanation.position
        }
    }

    /// All scenarios of the report that did not succeed, in its order.
    static func groups(of report: Report, requirements: Requirements) -> [CauseGroup] {
        var groups: [CauseGroup] = []
        var places: [Key: Int] = [:]
        for scenario in report.scenarios where scenario.verdict.isUnsuccessful {
            let key = Key(scenario, requirements)
            if let place = places[key] {
                groups[place].others.append(scenario)
            } else {
                places[key] = groups.count
                groups.append(CauseGroup(first: scenario))
            }
        }
        return groups
    }
}

extension FindingKind {
    /// Whether it is about the server as a whole, so that the step does not matter.
    fileprivate var isAboutServer: Bool {
        switch self {
        case .refused, .notAccepted, .serverEnded, .notRestarted, .notExited, .noFiles, .flooded,
            .interrupted, .framing, .strayed:
            true
        case .mismatch, .unexpected, .silence, .endedInstead, .endedUnasked, .missing, .notEnded,
            .wrongEnd, .notConnected, .connectedUnasked, .notRefused, .unanswered, .notTaken,
            .neverHeld, .tolerated, .textInFile, .inconsistent:
            false
        }
    }
}
