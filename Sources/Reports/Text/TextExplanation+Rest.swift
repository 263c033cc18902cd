// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// What no block explains: the skipped, the observed, and a run that ended early.
extension TextExplanation {
    mutating func addSkipped(_ report: Report) {
        var reasons: [String] = []
        var scenarios: [String: [ScenarioReport]] = [:]
        for scenario in report.scenarios where scenario.verdict == .skipped {
            let reason = scenario.skipped?.description ?? "no reason is given"
            if scenarios[reason] == nil { reasons.append(reason) }
            scenarios[reason, default: []].append(scenario)
        }
        for reason in reasons {
            let skipped = scenarios[reason] ?? []
            let names = CaseList.names(skipped, most: 4)
            layout.add("\(skipped.count) skipped: \(names): \(reason)", colour: .faint)
        }
        layout.blank()
    }

    mutating func addObserved(_ report: Report) {
        var order: [String] = []
        var seen: [String: [String]] = [:]
        for scenario in report.scenarios {
            for (requirement, text) in observations(of: scenario) {
                if seen[requirement] == nil { order.append(requirement) }
                seen[requirement, default: []].append(text)
            }
        }
        for requirement in order {
            let found = Self.counted(seen[requirement] ?? [])
            let text = "observed \(requirement): \(found)"
            layout.addShortened(text, colour: .cyan)
        }
        layout.blank()
    }

    /// What was seen by requirement; also what came instead of all that was looked for.
    private func observations(of scenario: ScenarioReport) -> [(String, String)] {
        let choices = scenario.judgement.observed.map { ($0.requirement, $0.shown(in: scenario)) }
        guard scenario.verdict == .observed else { return choices }
        return choices
            + scenario.judgement.findings.map { finding in
                let explanation = Explanation(finding, of: scenario, requirements: requirements)
                return (finding.requirement, "something else: \(explanation.summary)")
            }
    }

    mutating func addAbandonment(_ report: Report) {
        switch report.abandoned {
        case nil: return
        case .interrupted:
            layout.add("The run was interrupted; what it had not reached is missing.")
        case .failedFast: layout.add("The run ended at the first failure, as asked.")
        case .unreachable(let message, let output):
            layout.add("The run could not go on: \(message)", colour: .red)
            let lines = ServerOutput(head: output, omitted: 0, tail: []).lastLines(20)
            layout.field(
                "server",
                lines: lines.map { "| " + TextLayout.shortened($0, to: layout.fieldWidth - 2) })
        }
        layout.blank()
    }

    /// Each text once, with how often it is there.
    private static func counted(_ texts: [String]) -> String {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for text in texts {
            if counts[text] == nil { order.append(text) }
            counts[text, default: 0] += 1
        }
        return order.map { text in
            let count = counts[text] ?? 0
            return count > 1 ? "\(text) (\(count) times)" : text
        }.joined(separator: "; ")
    }
}

extension SeenChoice {
    /// The alternative's name, or what was seen; where the server had a time of its own for it,
    /// with what it took.
    fileprivate func shown(in scenario: ScenarioReport) -> String {
        let wait = scenario.waits.first { $0.step == step }
        let time = wait.map { ", after \(FindingKind.time($0.waited))" } ?? ""
        return (label ?? unnamed(in: scenario)) + time
    }

    private func unnamed(in scenario: ScenarioReport) -> String {
        let texts = messages.compactMap { scenario.message($0) }.map {
            ConnectionHistory.shown($0.message.payload, 60)
        }
        let ends: [String] =
            switch end {
            case nil: []
            case .fin: ["a close"]
            case .reset: ["a reset"]
            }
        return texts.isEmpty && ends.isEmpty
            ? "nothing that the scenario names" : (texts + ends).joined(separator: ", then ")
    }
}
