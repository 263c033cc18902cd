// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
import Specs

/// What a run came to, for people: a table of topics, the totals, the coverage.
package struct TextSummary {
    private let report: Report
    private var layout: TextLayout

    /// The lines, each with a line feed at its end.
    package static func render(_ report: Report, style: TextStyle = TextStyle()) -> String {
        var summary = TextSummary(report: report, layout: TextLayout(style))
        summary.addTable()
        summary.layout.blank()
        summary.addCoverage()
        for note in report.notes { summary.layout.field("note", note) }
        summary.layout.blank()
        summary.addTotal()
        return summary.layout.text
    }

    // MARK: The table

    private struct Row {
        var topic: String
        var counts: [Verdict: Int] = [:]
        var duration: Int64 = 0

        mutating func add(_ scenario: ScenarioReport) {
            counts[scenario.verdict, default: 0] += 1
            duration += scenario.duration
        }
    }

    /// One row for each topic, in the order of the scenarios.
    private var rows: [Row] {
        var rows: [Row] = []
        var places: [String: Int] = [:]
        for scenario in report.scenarios {
            let topic = scenario.plan.topic
            let place = places[topic] ?? rows.count
            places[topic] = place
            if place == rows.count { rows.append(Row(topic: topic)) }
            rows[place].add(scenario)
        }
        return rows
    }

    private mutating func addTable() {
        guard !report.scenarios.isEmpty else { return }
        let counts = report.counts
        let verdicts = Verdict.allCases.filter { counts[$0] != nil }
        let columns = verdicts.reduce(0) { $0 + Self.columnWidth($1) } + Self.timeWidth
        let found = rows
        let longest = found.map { TextLayout.visible($0.topic).count }.max() ?? 0
        let topicWidth = max(5, min(longest, layout.style.width - columns))
        let heads = verdicts.map { TextLayout.aligned($0.rawValue, to: Self.columnWidth($0)) }
        let head = TextLayout.padded("topic", to: topicWidth) + heads.joined()
        layout.addUnwrapped(head + TextLayout.aligned("time", to: Self.timeWidth), colour: .faint)
        for row in found { layout.addUnwrapped(line(row, verdicts, topicWidth)) }
    }

    private func line(_ row: Row, _ verdicts: [Verdict], _ topicWidth: Int) -> String {
        let topic = TextLayout.shortened(TextLayout.visible(row.topic), to: topicWidth)
        let cells = verdicts.map { verdict in
            let count = row.counts[verdict]
            let text = count.map(String.init) ?? "-"
            let cell = TextLayout.aligned(text, to: Self.columnWidth(verdict))
            return count == nil ? cell : layout.style.paint(cell, verdict.colour)
        }
        let time = TextLayout.aligned(TimeText.duration(row.duration), to: Self.timeWidth)
        let padding = String(repeating: " ", count: max(0, topicWidth - topic.count))
        return topic + padding + cells.joined() + time
    }

    private static let timeWidth = 12

    private static func columnWidth(_ verdict: Verdict) -> Int {
        max(verdict.rawValue.count, 5) + 2
    }

    // MARK: Coverage and total

    private mutating func addCoverage() {
        let coverage = report.coverage
        let tested = coverage.tested
        layout.field(
            "covered",
            "\(tested.covered) of \(tested.all) requirements (\(coverage.testedByLevel)), "
                + "\(coverage.forms.count { $0.count > 0 }) of \(coverage.forms.count) message forms, "
                + "\(coverage.states.count { $0.count > 0 }) of \(coverage.states.count) "
                + "pairs of state and form")
        let planned = coverage.cuts.reduce(0) { $0 + $1.planned }
        let proven = coverage.cuts.reduce(0) { $0 + $1.proven }
        if planned > 0 {
            layout.field("cuts", "\(planned) made, \(proven) proven to arrive as cuts")
            layout.field("pace", report.options.pace)
        }
    }

    private mutating func addTotal() {
        let counts = report.counts
        let parts = Verdict.allCases.compactMap { verdict in
            counts[verdict].map { layout.style.paint("\($0) \(verdict.rawValue)", verdict.colour) }
        }
        layout.add(
            "\(report.protocolName): \(report.scenarios.count) scenarios in "
                + "\(TimeText.duration(report.duration)), seed \(report.seed)")
        layout.addUnwrapped(parts.isEmpty ? "nothing was run" : parts.joined(separator: ", "))
    }
}

extension Coverage {
    /// `M 30 of 30, S 6 of 8`.
    var testedByLevel: String {
        Level.allCases.sorted(by: >).compactMap { level in
            let counting = requirements.filter {
                $0.requirement.level == level && $0.requirement.excluded == nil
            }
            guard !counting.isEmpty else { return nil }
            let covered = counting.count { $0.verdict != nil && $0.verdict != .skipped }
            return "\(level.rawValue) \(covered) of \(counting.count)"
        }.joined(separator: ", ")
    }
}
