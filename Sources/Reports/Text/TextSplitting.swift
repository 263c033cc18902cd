// SPDX-License-Identifier: Apache-2.0

import Bytes
package import ConformanceCore
package import Specs

/// What a split run came to, for people: what broke and by how little, what was tried, the map.
package struct TextSplitting {
    private let report: Report
    private let splitting: Splitting
    private var layout: TextLayout

    /// The lines, each with a line feed at its end; nothing for a report that is about no cuts.
    package static func render(
        _ report: Report, requirements: Requirements, style: TextStyle = TextStyle()
    ) -> String {
        guard let splitting = report.splitting else { return "" }
        var broken = report
        broken.scenarios = report.scenarios.filter { $0.split != nil }
        let explained = TextExplanation.render(broken, requirements: requirements, style: style)
        var text = TextSplitting(
            report: report, splitting: splitting, layout: TextLayout(style))
        text.addBreaks()
        text.addMap()
        text.addTried()
        text.addNotCut()
        for note in report.notes { text.layout.field("note", note) }
        text.layout.blank()
        text.addTotal()
        return explained + text.layout.text
    }

    // MARK: What broke

    private mutating func addBreaks() {
        for found in splitting.breaks {
            layout.add("BROKEN BY A CUT \(found.caseID)", colour: .red)
            layout.field("violates", found.requirement)
            layout.field("smallest", Self.smallest(found))
            layout.field("found by", "\(found.found), then \(Self.runs(found.trials)) to shrink it")
            layout.field("replay", lines: [found.replay])
            layout.blank()
        }
    }

    /// `name, cut behind byte 1 (at:1)`.
    private static func smallest(_ found: Splitting.Break) -> String {
        let plan = found.smallest.plan.description
        guard let first = found.places.first else {
            let form = found.smallest.form.map { ", the later one of the form '\($0)'" } ?? ""
            return "messages in one segment\(form) (\(plan))"
        }
        let forms = Set(found.places.map(\.form))
        let offsets = Set(found.places.map(\.offset)).sorted()
        let shown = offsets.prefix(8).map(String.init).joined(separator: ", ")
        let more = offsets.count > 8 ? ", ..." : ""
        let what = forms.count == 1 ? "'\(first.form ?? "bytes that are no message")'" : "messages"
        return "\(what), cut behind byte \(shown)\(more) (\(plan))"
    }

    private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }

    // MARK: What was tried

    private mutating func addMap() {
        let cuts = report.coverage.cuts
        guard !cuts.isEmpty else { return }
        let heads = ["offsets", "proven", "cuts"]
        let width = max(12, layout.style.width - heads.count * Self.column - Self.mapWidth)
        layout.addUnwrapped(
            TextLayout.padded("message form", to: width)
                + heads.map { TextLayout.aligned($0, to: Self.column) }.joined()
                + "  proven where", colour: .faint)
        for cut in cuts { layout.addUnwrapped(line(cut, width)) }
        layout.blank()
    }

    private static let column = 9
    private static let mapWidth = 44

    private func line(_ cut: Coverage.CutCoverage, _ width: Int) -> String {
        let name = TextLayout.shortened(
            TextLayout.visible(cut.form ?? "(no whole message)"), to: width - 1)
        let proven = cut.offsets.reduce(0) { $0 + $1.count }
        let all = cut.longest > 1 ? "\(proven)/\(cut.longest - 1)" : "\(proven)"
        let share = cut.planned == 0 ? 0 : cut.proven * 1000 / cut.planned
        let cells = [all, "\(share / 10).\(share % 10) %", "\(cut.planned)"]
        return TextLayout.padded(name, to: width)
            + cells.map { TextLayout.aligned($0, to: Self.column) }.joined()
            + "  " + Self.ranges(cut.offsets, within: Self.mapWidth - 4)
    }

    private static func ranges(_ ranges: [ClosedRange<Int>], within width: Int) -> String {
        guard !ranges.isEmpty else { return "nowhere" }
        var text = ""
        for (index, range) in ranges.enumerated() {
            let next =
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
            let separator = index == 0 ? "" : ", "
            guard text.utf8.count + separator.utf8.count + next.utf8.count <= width - 5 else {
                return text + ", ..."
            }
            text += separator + next
        }
        return text
    }

    private mutating func addTried() {
        for family in SplitFamily.allCases {
            guard let count = splitting.counts[family], count.planned > 0 else { continue }
            let left = count.planned - count.tried
            let said =
                left == 0
                ? "all \(count.planned) tried" : "\(count.tried) of \(count.planned) tried"
            layout.field(family.rawValue, said)
        }
        let planned = report.coverage.cuts.reduce(0) { $0 + $1.planned }
        let proven = report.coverage.cuts.reduce(0) { $0 + $1.proven }
        layout.field("cuts", "\(planned) made, \(proven) proven to arrive as cuts")
        layout.field("pace", report.options.pace)
        if splitting.passedOver > 0 {
            layout.field(
                "left out",
                "\(splitting.passedOver) offsets of messages of more than "
                    + "\(SplitPlans.longestWhole) bytes, between those that were tried")
        }
        guard let ending = splitting.ending else { return }
        layout.field("left out", "\(splitting.planned - splitting.tried) trials: \(ending.reason)")
    }

    private mutating func addNotCut() {
        addCases(
            "fail uncut", splitting.failingUncut,
            "fail without any cut: that is no matter of segments; `run` says more")
        if splitting.ownCuts > 0 {
            layout.field(
                "own cuts",
                "\(splitting.ownCuts) cases that say themselves how they are cut were run as they are"
            )
        }
        addCases(
            "", splitting.failingOwnCuts, "of them fail: `run` says more")
        if splitting.ownCutsLeft > 0 {
            layout.field(
                "left out", "\(splitting.ownCutsLeft) cases that say themselves how they are cut")
        }
        addCases(
            "unreached", splitting.unreached,
            "do not get through their preamble when it is cut: that is no failure of theirs")
        addCases(
            "unstable", splitting.unstable,
            "failed under a cut once, and not when the same was tried again")
    }

    private mutating func addCases(_ label: String, _ ids: [String], _ meaning: String) {
        guard !ids.isEmpty else { return }
        let named = ids.prefix(5).joined(separator: ", ")
        let more = ids.count > 5 ? ", and \(ids.count - 5) more" : ""
        layout.field(label, "\(ids.count) \(meaning): \(named)\(more)")
    }

    private mutating func addTotal() {
        layout.add(
            "\(report.protocolName): \(splitting.tried) trials of \(splitting.cases) cases in "
                + "\(TimeText.duration(report.duration)), seed \(report.seed)")
        let count = splitting.breaks.count
        if count > 0 {
            layout.add("\(count) broken by cuts", colour: .red)
        } else if splitting.tried == 0 {
            layout.add("nothing could be cut", colour: .magenta)
        } else if !splitting.unreached.isEmpty {
            layout.add(
                "inconclusive: no cut broke anything that was reached, and "
                    + "\(splitting.unreached.count) cases were not reached under cuts",
                colour: .magenta)
        } else {
            layout.add("no cut broke anything", colour: .green)
        }
    }
}

extension Splitting.Ending {
    fileprivate var reason: String {
        switch self {
        case .budget: "the time that was given is over (--budget)"
        case .breaks: "enough cases are broken (--stop-after)"
        case .interrupted: "the run was interrupted"
        case .unreachable: "the server is gone"
        }
    }
}
