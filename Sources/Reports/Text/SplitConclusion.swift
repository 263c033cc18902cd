// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// What a split run comes to in the end, in one sentence.
struct SplitConclusion {
    private let report: Report
    private let splitting: Splitting

    init(_ report: Report, _ splitting: Splitting) {
        self.report = report
        self.splitting = splitting
    }

    var line: (text: String, colour: TextStyle.Colour) {
        let count = splitting.breaks.count + splitting.ownBreaks.count
        if count > 0 { return ("\(count) broken by cuts", .red) }
        if !report.hasCut, splitting.spared.isEmpty {
            let besides = splitting.ownCuts > 0 ? " but by cases that cut themselves" : ""
            return ("nothing was cut\(besides): \(whyNothing)", .magenta)
        }
        let held = "no cut broke anything\(inWhat)"
        let doubts = doubts
        if doubts.isEmpty { return (held, .green) }
        return ("inconclusive: \(held), but " + doubts.joined(separator: ", and "), .magenta)
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
        add(splitting.unverified.count, "cases failed and could not be tried again")
        add(splitting.undecided.count, "cases may be broken by their own segments")
        return doubts
    }
}

extension Splitting.Ending {
    var reason: String {
        switch self {
        case .budget: "the time that was given is over (--budget)"
        case .breaks: "enough cases are broken (--stop-after)"
        case .interrupted: "the run was interrupted"
        case .unreachable: "the server is gone"
        }
    }
}
