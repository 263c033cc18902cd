// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// What a split run has tried, what it has left out, and what it could not cut.
struct SplitAccount {
    typealias Field = (label: String, text: String)

    private let splitting: Splitting
    private let report: Report
    private var fields: [Field] = []

    static func fields(of splitting: Splitting, in report: Report) -> [Field] {
        var account = SplitAccount(splitting: splitting, report: report)
        account.addTried()
        account.addLeftOut()
        account.addNotCut()
        return account.fields
    }

    private init(splitting: Splitting, report: Report) {
        self.splitting = splitting
        self.report = report
    }

    private mutating func add(_ label: String, _ text: String) {
        fields.append((label, text))
    }

    private mutating func addCount(_ label: String, _ count: Int, _ what: String) {
        if count > 0 { add(label, "\(count) \(what)") }
    }

    private mutating func addCases(_ label: String, _ ids: [String], _ meaning: String) {
        guard !ids.isEmpty else { return }
        let named = ids.prefix(5).joined(separator: ", ")
        let more = ids.count > 5 ? ", and \(ids.count - 5) more" : ""
        add(label, "\(ids.count) \(meaning): \(named)\(more)")
    }

    private mutating func addTried() {
        for family in SplitFamily.allCases {
            guard let count = splitting.counts[family], count.planned > 0 else { continue }
            let isAll = count.tried == count.planned
            add(family.rawValue, "\(isAll ? "all" : "\(count.tried) of") \(count.planned) tried")
        }
        let planned = report.coverage.cuts.reduce(0) { $0 + $1.planned }
        let proven = report.coverage.cuts.reduce(0) { $0 + $1.proven }
        add("cuts", "\(planned) made, \(proven) proven to arrive as cuts")
        add("pace", report.options.pace)
    }

    private mutating func addLeftOut() {
        addCount(
            "left out", splitting.straddlesLeftOut,
            "straddles at offsets that tell no more than others (--straddles all)")
        addCount(
            "left out", splitting.passedOver,
            "offsets of messages of more than \(SplitPlans.longestWhole) bytes, between those that "
                + "were tried")
        addCount(
            "left out", splitting.unlaunched,
            "trials for which no server could be launched, in two attempts")
        let reason =
            splitting.ending?.reason ?? "their cases were broken, unreached or unstable by then"
        addCount("left out", splitting.left - splitting.unlaunched, "trials: \(reason)")
        addCases("never run", splitting.neverRun, "cases were not run at all, not even uncut")
    }

    private mutating func addNotCut() {
        addCases(
            "fail uncut", splitting.failingUncut,
            "fail as they are, before the run cuts anything: `run` says more")
        addCases(
            "warn uncut", splitting.warningUncut,
            "warn as they are, and cuts break them only by more than that: `run` says more")
        addCount(
            "own cuts", splitting.ownCuts,
            "cases that say themselves how they are cut were run as they are")
        addCases("", splitting.failingOwnCuts, "of them fail: `run` says more")
        addCases(
            "", splitting.warningOwnCuts,
            "of them warn; nothing has shown that their cuts are to blame: `run` says more")
        addCount(
            "left out", splitting.ownCutsLeft, "cases that say themselves how they are cut")
        addCases(
            "spared", splitting.spared,
            "do not get through their preamble when it is cut, which is no failure of theirs; it "
                + "was left whole then")
        addCases(
            "unreached", splitting.unreached,
            "do not come to what they are about when their steps are cut")
        addCases(
            "unstable", splitting.unstable,
            "failed under a cut, or with segments of their own, once, and not when the same was "
                + "tried again")
        addCases(
            "unverified", splitting.unverified,
            "failed under a cut, or with segments of their own, and there was no time to try it "
                + "again")
        addCases(
            "undecided", splitting.undecided,
            "fail or warn as they join or cut messages themselves, and whether that is to blame was "
                + "not shown")
    }
}
