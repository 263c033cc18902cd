// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix

/// Everything that `split` was asked for.
struct SplitRequest {
    /// What it has in common with `run`.
    var run: RunRequest
    /// Nanoseconds that it may take; `nil`: as long as it takes.
    var budget: Int64?
    /// So many broken cases are enough.
    var stopAfter: Int
    var straddles: SplitPlans.Straddles
    /// What offsets in mid-message are tried on.
    var reach: SplitReach

    /// How long a step of a trial waits: what fails by it is tried again with all patience.
    static let quickTimeout: Int64 = 500_000_000
    /// What may be broken is made smaller for at least so long, however short the budget is.
    static let leastVerification: Int64 = 3_000_000_000
    /// So long after its end a case that was begun before it is cut short.
    static let mostLateness: Int64 = 1_000_000_000

    /// Nanoseconds beyond the budget in which what came up in the last moment is verified: enough
    /// for a run that fails by the usual time-out, and those that confirm it.
    var overtime: Int64 { 5_000_000_000 * run.scale }
    /// Of these, what is kept for the runs that confirm what was found.
    var confirmation: Int64 { min(3 * run.timing.timeout / 2, 3 * overtime / 5) }

    /// Reads the options that `run` does not have.
    init(_ run: RunRequest, _ parsed: ParsedCommand) throws(UsageError) {
        self.run = run
        budget = try parsed.duration("budget")?.nanoseconds
        if let budget, budget < 1_000_000_000 {
            throw parsed.usageError("--budget: expected is a time from 1s")
        }
        stopAfter = try parsed.integer("stop-after", in: 1...100_000) ?? 5
        let kinds = SplitPlans.Straddles.allCases.map(\.rawValue).joined(separator: ", ")
        straddles =
            try parsed.value("straddles", expected: kinds, SplitPlans.Straddles.init) ?? .telling
        reach = try parsed.splitReach(among: [.everything, .steps]) ?? .steps
        self.run.splitReach = .everything
        guard !parsed.flag("jobs"), hasServersOfItsOwn else { return }
        self.run.jobs = Self.usualJobs(
            processors: Processors.count, hasBudget: budget != nil)
    }

    /// How many jobs there are where nobody has said it.
    ///
    /// Each waits most of its time for its server to have read what it was sent, so that a few
    /// for each processor keep it busy; what many servers cost in memory bounds them. Where time is
    /// short, starting so many servers anew after each suspect costs more than they gain.
    static func usualJobs(processors: Int, hasBudget: Bool) -> Int {
        hasBudget ? max(1, min(4, processors)) : max(4, min(16, 4 * processors))
    }

    /// How many jobs share a processor: so many times as long all of them may take.
    var crowding: Int64 { Self.crowding(jobs: run.jobs, processors: Processors.count) }

    static func crowding(jobs: Int, processors: Int) -> Int64 {
        Int64(max(1, jobs / max(1, processors)))
    }

    /// Whether servers can be started side by side, and afresh where one is to be.
    var hasServersOfItsOwn: Bool {
        guard case .launch(let line, isReused: false) = run.server else { return false }
        return line.ownPort == nil
    }
}
