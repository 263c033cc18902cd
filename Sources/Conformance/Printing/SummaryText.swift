// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// What a run prints at its end: a line for each topic, and all about what is not a pass.
struct SummaryText {
    let report: Report
    let suite: Suite
    let style: Style

    /// Scenarios that are explained at length; the rest is named, and stands in the report.
    private static let mostExplained = 12

    func render(reportPath: String?) -> String {
        var blocks = [topics]
        blocks += failures
        blocks += [skipped, observed, notes, abandonment].filter { !$0.isEmpty }
        blocks.append(closing(reportPath))
        return blocks.joined(separator: "\n")
    }

    // MARK: Topics

    private var topics: String {
        let lines = suite.topics.compactMap { topic -> (String, String)? in
            let own = report.scenarios.filter { $0.plan.topic == topic.title }
            return own.isEmpty ? nil : (topic.title, counts(own))
        }
        let width = lines.map { $0.0.count }.max() ?? 0
        return lines.map { title, counts in
            title + String(repeating: " ", count: width - title.count) + "  \(counts)\n"
        }.joined()
    }

    private func counts(_ scenarios: [ScenarioReport]) -> String {
        let counts = scenarios.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
        return Verdict.allCases.compactMap { verdict in
            counts[verdict].map { style.coloured("\($0) \(verdict.rawValue)", verdict) }
        }.joined(separator: ", ")
    }

    // MARK: What is not a pass

    /// Failures first, then what was inconclusive, then warnings; of the cases of one scenario
    /// that came to the same, one is explained.
    private var failures: [String] {
        let order: [Verdict] = [.error, .fail, .inconclusive, .warn]
        var blocks: [String] = []
        for verdict in order {
            var seen: [String: Int] = [:]
            var firsts: [ScenarioReport] = []
            for scenario in report.scenarios where scenario.verdict == verdict {
                if seen[scenario.plan.scenarioID] == nil { firsts.append(scenario) }
                seen[scenario.plan.scenarioID, default: 0] += 1
            }
            for scenario in firsts {
                let others = (seen[scenario.plan.scenarioID] ?? 1) - 1
                let text = FailureText(report: scenario, suite: suite, style: style)
                blocks.append(
                    blocks.count < Self.mostExplained
                        ? text.render(others: others) : text.headline(others: others))
            }
        }
        return blocks
    }

    private var skipped: String {
        var groups: [(reason: String, ids: [String])] = []
        for scenario in report.scenarios {
            guard let reason = scenario.skipped?.description else { continue }
            if let place = groups.firstIndex(where: { $0.reason == reason }) {
                if groups[place].ids.last != scenario.plan.scenarioID {
                    groups[place].ids.append(scenario.plan.scenarioID)
                }
            } else {
                groups.append((reason, [scenario.plan.scenarioID]))
            }
        }
        return groups.map { "skipped: \($0.ids.joined(separator: ", "))\n  \($0.reason)\n" }.joined()
    }

    /// What was seen where the requirements leave it open.
    private var observed: String {
        var lines: [String] = []
        for scenario in report.scenarios {
            for choice in scenario.judgement.observed {
                let line = "observed: \(choice.requirement): \(seen(choice, scenario))\n"
                if !lines.contains(line) { lines.append(line) }
            }
        }
        return lines.joined()
    }

    private func seen(_ choice: SeenChoice, _ scenario: ScenarioReport) -> String {
        if let label = choice.label { return label }
        let messages = scenario.transcript?.messages ?? []
        let texts = choice.messages.filter { messages.indices.contains($0) }.map {
            ByteEscaping.quoted(messages[$0].message.payload.prefix(200))
        }
        return "other" + (texts.isEmpty ? "" : ": \(texts.joined(separator: ", "))")
    }

    private var notes: String { report.notes.map { "note: \($0)\n" }.joined() }

    private var abandonment: String {
        switch report.abandoned {
        case nil: return ""
        case .interrupted: return "interrupted: \(report.scenarios.count) scenarios were run\n"
        case .failedFast: return "ended after the first failure (--fail-fast)\n"
        case .unreachable(let what, let output):
            return "error: \(what)\n" + ServerText.lines(output, atMost: 20)
        }
    }

    // MARK: The end

    private func closing(_ path: String?) -> String {
        let (covered, all) = report.coverage.tested
        var lines = [
            "\(suite.document.name): \(report.scenarios.count) run in \(seconds), seed \(report.seed): "
                + (report.scenarios.isEmpty ? "nothing" : counts(report.scenarios)),
            "coverage: \(covered) of \(all) requirements\(cuts)",
        ]
        if let path { lines.append("report: \(path)") }
        return lines.map { $0 + "\n" }.joined()
    }

    private var cuts: String {
        let planned = report.coverage.cuts.reduce(0) { $0 + $1.planned }
        let proven = report.coverage.cuts.reduce(0) { $0 + $1.proven }
        return planned == 0 ? "" : "; \(proven) of \(planned) cuts seen to arrive as cuts"
    }

    private var seconds: String {
        let tenths = report.duration / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

extension Style {
    func coloured(_ text: String, _ verdict: Verdict) -> String {
        switch verdict {
        case .pass, .observed: green(text)
        case .fail, .error: red(text)
        case .warn, .inconclusive: yellow(text)
        case .skipped: dim(text)
        }
    }
}
