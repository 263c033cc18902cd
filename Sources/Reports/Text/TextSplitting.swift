// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import Specs

/// What a split run came to, for people: what broke and by how little, what was tried, the map.
package enum TextSplitting {
    /// The lines, each with a line feed at its end; nothing for a report that is about no cuts.
    package static func render(
        _ report: Report, requirements: Requirements, style: TextStyle = TextStyle()
    ) -> String {
        guard let splitting = report.splitting else { return "" }
        var broken = report
        broken.scenarios = report.scenarios.filter { $0.split != nil }
        broken.scenarios += splitting.ownBreaks.compactMap { found in
            report.scenarios.last { $0.plan.caseID == found.caseID }
        }
        let explained = TextExplanation.render(broken, requirements: requirements, style: style)
        var layout = TextLayout(style)
        layout.addBreaks(of: splitting)
        CutMap(report.coverage.cuts).add(to: &layout)
        for field in SplitAccount.fields(of: splitting, in: report) {
            layout.field(field.label, field.text)
        }
        for note in report.notes { layout.field("note", note) }
        layout.blank()
        layout.add(
            "\(report.protocolName): \(splitting.tried) trials of \(splitting.cases) cases in "
                + "\(TimeText.duration(report.duration)), seed \(report.seed)")
        let conclusion = SplitConclusion(report, splitting).line
        layout.add(conclusion.text, colour: conclusion.colour)
        return explained + layout.text
    }
}
