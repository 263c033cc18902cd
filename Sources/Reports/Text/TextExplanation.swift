// SPDX-License-Identifier: Apache-2.0

import Bytes
package import ConformanceCore
package import Specs

/// Why scenarios did not succeed, for people: one block for each cause.
package struct TextExplanation {
    let requirements: Requirements
    var layout: TextLayout

    /// All blocks of a report, and lines for what was skipped and observed; empty if all passed.
    package static func render(
        _ report: Report, requirements: Requirements, style: TextStyle = TextStyle()
    ) -> String {
        var explanation = TextExplanation(requirements: requirements, layout: TextLayout(style))
        for group in CauseGroup.groups(of: report, requirements: requirements) {
            explanation.add(group)
            explanation.layout.blank()
        }
        explanation.addSkipped(report)
        explanation.addObserved(report)
        explanation.addAbandonment(report)
        return explanation.layout.text
    }

    /// The block of one scenario.
    package static func render(
        _ scenario: ScenarioReport, requirements: Requirements, style: TextStyle = TextStyle()
    ) -> String {
        var explanation = TextExplanation(requirements: requirements, layout: TextLayout(style))
        explanation.add(CauseGroup(first: scenario))
        return explanation.layout.text
    }

    private mutating func add(_ group: CauseGroup) {
        let scenario = group.first
        let verdict = scenario.verdict.rawValue.uppercased()
        layout.add("\(verdict) \(scenario.id)", colour: scenario.verdict.colour)
        layout.add(scenario.plan.title, indent: 2, colour: .bold)
        if let finding = scenario.weightyFirst.first {
            add(finding, of: scenario)
        }
        addFurther(scenario)
        if let note = scenario.note { layout.field("note", note) }
        addServer(scenario)
        addCapture(scenario)
        layout.field("reproduce", lines: [scenario.reproduce])
        if !group.others.isEmpty { addOthers(group) }
    }

    private mutating func add(_ finding: Finding, of scenario: ScenarioReport) {
        let explanation = Explanation(finding, of: scenario, requirements: requirements)
        layout.field("what", explanation.summary)
        layout.field(
            finding.makesInconclusive ? "about" : "violates",
            "\(finding.requirement) (\(finding.level.rawValue)): \(explanation.sentence)")
        // What it expects stands in full behind `required`.
        if let step = explanation.step {
            layout.field("step", lines: [TextLayout.shortened(step, to: layout.fieldWidth)])
        }
        if let position = explanation.position { layout.field("at", lines: ["\(position)"]) }
        addBytes(finding, explanation, scenario)
        addHistory(finding, explanation, scenario)
    }

    private mutating func addHistory(
        _ finding: Finding, _ explanation: Explanation, _ scenario: ScenarioReport
    ) {
        let history = ConnectionHistory(
            of: finding, in: scenario, textWidth: max(24, layout.fieldWidth - 40))
        guard !history.lines.isEmpty else { return }
        let times = history.lines.map { TimeText.milliseconds($0.time) }
        let width = times.map(\.count).max() ?? 0
        var lines = zip(history.lines, times).map { line, time in
            let mark = line.isSubject ? "  <- this" : ""
            return TextLayout.aligned(time, to: width) + "  " + line.text + mark
        }
        if history.omitted > 0 { lines.insert("… \(history.omitted) before", at: 0) }
        layout.field("history", lines: lines)
    }

    /// The scenario's other findings, a line each.
    private mutating func addFurther(_ scenario: ScenarioReport) {
        let further = scenario.weightyFirst.dropFirst()
        for finding in further.prefix(3) {
            let explanation = Explanation(finding, of: scenario, requirements: requirements)
            layout.field("also", "\(explanation.summary) (\(finding.requirement))")
        }
        let unsaid = further.count - 3 + scenario.omittedFindings
        if unsaid > 0 { layout.field("also", "\(unsaid) findings more") }
    }

    private mutating func addServer(_ scenario: ScenarioReport) {
        let lines = scenario.serverOutput.map { $0.lastLines(5) } ?? []
        layout.field(
            "server",
            lines: lines.map { "| " + TextLayout.shortened($0, to: layout.fieldWidth - 2) })
        if let end = scenario.serverEnd {
            layout.field(lines.isEmpty ? "server" : "", "ended by itself: \(end)")
        }
    }

    private mutating func addCapture(_ scenario: ScenarioReport) {
        guard let capture = scenario.capture else { return }
        let folder = layout.style.folder
        let path = folder.isEmpty ? capture.path : "\(folder)/\(capture.path)"
        layout.field("capture", lines: [path])
        switch capture.source {
        case .live(let interface): layout.field("", "recorded live on interface \(interface)")
        case .synthesised(let reason):
            layout.field("", "synthesised from the transcript: \(reason)")
        case nil: break
        }
    }

    private mutating func addOthers(_ group: CauseGroup) {
        let count = group.others.count
        let isOne = Set(group.others.map(\.plan.scenarioID)) == [group.first.plan.scenarioID]
        let names = CaseList.names(group.others)
        let what = isOne ? "case" : "scenario"
        layout.field("likewise", "\(count) more \(what)\(count == 1 ? "" : "s"): \(names)")
    }
}

extension ServerOutput {
    /// The last lines, escaped.
    func lastLines(_ most: Int) -> [String] {
        let end = omitted == 0 ? head + tail : tail
        return end.split(separator: 0x0A).suffix(most).map { ByteEscaping.escape($0) }
    }
}
