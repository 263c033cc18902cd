// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// The cases of a split run, by their places, and what is known of each.
struct SplitBook {
    /// What the uncut run of a case has shown.
    struct Uncut {
        var id: String
        var verdict: Verdict
        /// Requirements that it warns of.
        var warned: Set<String>
        /// Nanoseconds.
        var duration: Int64
        /// Forms that it sends behind its preamble.
        var forms: [String]
        /// Forms of all that it sends.
        var allForms: [String]
    }

    let planner: Planner
    private let entries: [(scenario: Scenario, topic: String, number: Int)]
    /// The scenario that was planned last, each case when it is asked for: those of one scenario
    /// come one after the other.
    private var latest: (key: Key, plans: AnyRandomAccessCollection<Plan>)?
    var uncut: [Int: Uncut] = [:]
    /// Seeds with other letters, which were given away.
    private var seeds: UInt64 = 0
    private var seedsOfPlans: [CutPlan: UInt64] = [:]

    private struct Key: Equatable {
        var scenario: String
        var split: CutPlan?
        var reach: SplitReach?
        var seed: UInt64
    }

    init(_ selection: CaseSelection) {
        planner = selection.planner
        entries = selection.entries
    }

    var count: Int { entries.count }
    var seed: UInt64 { planner.seed }

    /// The places of all cases, by scenarios from everywhere.
    ///
    /// Whoever stops early has seen of each topic. Cases of one scenario stay together, as they are
    /// planned together.
    var spread: [Int] {
        var scenarios: [Range<Int>] = []
        for place in entries.indices {
            if let last = scenarios.last,
                entries[last.lowerBound].scenario.id
                    == entries[place].scenario.id
            {
                scenarios[scenarios.count - 1] = last.lowerBound..<place + 1
            } else {
                scenarios.append(place..<place + 1)
            }
        }
        return SplitPlans.halved(0..<scenarios.count).flatMap { scenarios[$0] }
    }

    /// A seed that no other trial has, under which all names and texts have the run's lengths.
    mutating func nextSeed() -> UInt64 {
        seeds += 1
        return PlanSeed.variant(seeds, of: planner.seed)
    }

    /// The seed of all trials with a plan: a case meets no server twice under the same names.
    mutating func seed(of plan: CutPlan) -> UInt64 {
        let seed = seedsOfPlans[plan] ?? nextSeed()
        seedsOfPlans[plan] = seed
        return seed
    }

    /// The case at a place under a cut; `nil` where the case does not come with that seed.
    mutating func planned(_ place: Int, _ cut: SplitCut?, seed: UInt64? = nil) -> PlannedCase? {
        let entry = entries[place]
        let seed = seed ?? planner.seed
        let key = Key(scenario: entry.scenario.id, split: cut?.plan, reach: cut?.reach, seed: seed)
        if latest?.key != key {
            let plans = planner.with(seed: seed)
                .plansOnDemand(
                    entry.scenario, topic: entry.topic, split: cut?.plan,
                    reach: cut?.reach ?? .everything)
            latest = (key, AnyRandomAccessCollection(plans))
        }
        guard let plans = latest?.plans, entry.number < plans.count else { return nil }
        let plan = plans[plans.index(plans.startIndex, offsetBy: entry.number)]
        var planned = PlannedCase(
            plan, split: cut?.plan, skipped: planner.system.missing(plan))
        planned.plan.splitForm = cut?.form
        planned.place = place
        planned.seed = seed == planner.seed ? nil : seed
        planned.needsFresh = planned.plan.needs.contains { [.fresh, .launched].contains($0) }
        return planned
    }
}
