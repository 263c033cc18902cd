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
            let text = "\(skipped.count) skipped: \(reason): \(CaseList.names(skipped, most: 4))"
            layout.addShortened(text, colour: .faint)
        }
        layout.blank()
    }

    mutating func addObserved(_ report: Report) {
        var order: [String] = []
        var seen: [String: [String]] = [:]
        for scenario in report.scenarios {
            for choice in scenario.judgement.observed {
                if seen[choice.requirement] == nil { order.append(choice.requirement) }
                seen[choice.requirement, default: []].append(choice.shown(in: scenario))
            }
        }
        for requirement in order {
            let found = Self.counted(seen[requirement] ?? [])
            let text = "observed \(requirement): \(found)"
            layout.addShortened(text, colour: .cyan)
        }
        layout.blank()
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
    /// The alternative's name, or what was seen.
    fileprivate func shown(in scenario: ScenarioReport) -> String {
        if let label { return label }
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
