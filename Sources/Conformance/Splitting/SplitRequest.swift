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
    /// What may be broken is looked at for at least so long, however short the budget is.
    static let leastVerification: Int64 = 3_000_000_000

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
        reach = try parsed.splitReach() ?? .steps
        self.run.splitReach = .everything
        guard !parsed.flag("jobs"), hasServersOfItsOwn else { return }
        self.run.jobs = max(1, min(4, Processors.count))
    }

    /// Whether servers can be started side by side, and afresh where one is to be.
    var hasServersOfItsOwn: Bool {
        guard case .launch(let line, isReused: false) = run.server else { return false }
        return line.ownPort == nil
    }
}
