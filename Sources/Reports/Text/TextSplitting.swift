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
            layout.add("\(found.kind.heading) \(found.caseID)", colour: .red)
            let weight =
                found.level == .must ? "" : " (a warning: the replay shows WARN and exits 0)"
            layout.field("violates", "\(found.requirement) (\(found.level.rawValue))\(weight)")
            layout.field("smallest", Self.smallest(found.smallest, found.places))
            addOrigin(found.found, found.trials, found.replay)
        }
        for found in splitting.hindrances {
            layout.add("HINDERED BY A CUT \(found.caseID)", colour: .magenta)
            layout.field(
                "that is",
                "it holds uncut, and does not come to what it is about when it is cut so")
            layout.field("smallest", Self.smallest(found.smallest, found.places))
            addOrigin(found.found, found.trials, found.replay)
        }
    }

    private mutating func addOrigin(_ plan: CutPlan, _ trials: Int, _ replay: String) {
        layout.field("found by", "\(plan), then \(Self.runs(trials)) to shrink it")
        layout.field("replay", lines: [replay])
        layout.blank()
    }

    /// `name, cut behind byte 1 (at:1)`.
    private static func smallest(_ cut: SplitCut, _ places: [CutPlace]) -> String {
        let plan = cut.plan.description
        guard let first = places.first else {
            let form = cut.form.map { ", the later one of the form '\($0)'" } ?? ""
            return "messages in one segment\(form) (\(plan))"
        }
        let forms = Set(places.map(\.form))
        let offsets = Set(places.map(\.offset)).sorted()
        let shown = offsets.prefix(8).map(String.init).joined(separator: ", ")
        let more = offsets.count > 8 ? ", ..." : ""
        let what = forms.count == 1 ? "'\(first.form ?? "bytes that are no message")'" : "messages"
        let whose = cut.reach == .questions ? "the runner's own question " : ""
        return "\(whose)\(what), cut behind byte \(shown)\(more) (\(plan))"
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
        addLeftOut()
    }

    private mutating func addLeftOut() {
        if splitting.straddlesLeftOut > 0 {
            layout.field(
                "left out",
                "\(splitting.straddlesLeftOut) straddles at offsets that tell no more than others "
                    + "(--straddles all)")
        }
        if splitting.passedOver > 0 {
            layout.field(
                "left out",
                "\(splitting.passedOver) offsets of messages of more than "
                    + "\(SplitPlans.longestWhole) bytes, between those that were tried")
        }
        if splitting.unlaunched > 0 {
            layout.field(
                "left out",
                "\(splitting.unlaunched) trials for which no server could be launched, in two "
                    + "attempts")
        }
        let left = splitting.left - splitting.unlaunched
        if left > 0 {
            let reason =
                splitting.ending?.reason
                ?? "their cases were broken, unreached or unstable by then"
            layout.field("left out", "\(left) trials: \(reason)")
        }
        addCases("never run", splitting.neverRun, "cases were not run at all, not even uncut")
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
        addCases(
            "", splitting.warningOwnCuts,
            "of them warn; they have no uncut run, so nobody knows whether cuts are to blame")
        if splitting.ownCutsLeft > 0 {
            layout.field(
                "left out", "\(splitting.ownCutsLeft) cases that say themselves how they are cut")
        }
        addCases(
            "spared", splitting.spared,
            "do not get through their preamble when it is cut, which is no failure of theirs; it "
                + "was left whole then")
        addCases(
            "unreached", splitting.unreached,
            "do not come to what they are about when their steps are cut")
        addCases(
            "unstable", splitting.unstable,
            "failed under a cut once, and not when the same was tried again")
        addCases(
            "unverified", splitting.unverified,
            "failed under a cut, and there was no time to try it again")
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
        let doubts = doubts
        if count > 0 {
            layout.add("\(count) broken by cuts", colour: .red)
        } else if !report.hasCut {
            layout.add("nothing was cut: \(whyNothing)", colour: .magenta)
        } else if doubts.isEmpty {
            layout.add("no cut broke anything\(inWhat)", colour: .green)
        } else {
            layout.add(
                "inconclusive: no cut broke anything\(inWhat), but "
                    + doubts.joined(separator: ", and "), colour: .magenta)
        }
    }

    /// In how many trials, where that is not all.
    private var inWhat: String {
        guard splitting.left > 0 else { return "" }
        let what = " in \(splitting.tried) of \(splitting.planned) trials"
        guard splitting.ending == .budget else { return what }
        return what + ", for which the time was enough\(budget)"
    }

    private var budget: String {
        splitting.budget.map { " (--budget \(TimeText.duration($0)))" } ?? ""
    }

    private var whyNothing: String {
        switch splitting.ending {
        case .budget: "the time that was given\(budget) was over before the first trial"
        case .interrupted, .unreachable, .breaks: splitting.ending?.reason ?? ""
        case nil where splitting.cases > 0: "no trial came about"
        case nil: "no case holds uncut that has something to cut"
        }
    }

    /// Why that nothing broke does not say that nothing breaks.
    private var doubts: [String] {
        var doubts: [String] = []
        func add(_ count: Int, _ what: String) {
            if count > 0 { doubts.append("\(count) \(what)") }
        }
        switch splitting.ending {
        case .interrupted, .unreachable: doubts.append(splitting.ending?.reason ?? "")
        case .budget, .breaks, nil: break
        }
        add(splitting.unlaunched, "trials had no server")
        add(splitting.failingOwnCuts.count, "cases with cuts of their own fail")
        add(splitting.spared.count, "cases do not get through their preamble when it is cut")
        add(splitting.unreached.count, "cases were not reached under cuts")
        add(splitting.unverified.count, "cases failed under cuts and could not be tried again")
        return doubts
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

extension Splitting.Break.Kind {
    fileprivate var heading: String {
        switch self {
        case .cut: "BROKEN BY A CUT"
        case .join: "BROKEN BY JOINED MESSAGES"
        case .straddle: "BROKEN BY A MESSAGE AND PART OF THE NEXT"
        }
    }
}
