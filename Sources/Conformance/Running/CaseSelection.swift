// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// The cases of a suite that a run is about.
///
/// Planning is cheap, keeping plans is not: the members of a family of cuts are planned one
/// scenario and one member at a time, when the run comes to them.
struct CaseSelection {
    let planner: Planner
    private let split: SplitSelection?
    private let chosen: [Chosen]

    /// A scenario with those of its cases that are wanted, by their places.
    private struct Chosen {
        var scenario: Scenario
        var topic: String
        var cases: [Int]
        /// The cuts laid over it, each a run of its own; `nil`: none.
        var splits: [CutPlan?]
    }

    /// How many cases there are, skipped ones included.
    var count: Int { chosen.reduce(0) { $0 + $1.cases.count * $1.splits.count } }

    /// Globs that match nothing of the suite.
    let idle: [Glob]

    init(planner: Planner, only globs: [Glob], split: SplitSelection?) {
        self.planner = planner
        self.split = split
        var chosen: [Chosen] = []
        var matched: Set<Glob> = []
        for topic in planner.suite.topics {
            for scenario in topic.scenarios {
                let plans = planner.plans(scenario, topic: topic.title)
                let splits = Self.splits(split, over: plans)
                let hits = plans.map { plan in globs.filter { $0.matches(plan) } }
                hits.forEach { matched.formUnion($0) }
                let cases = plans.indices.filter { globs.isEmpty || !hits[$0].isEmpty }
                guard !cases.isEmpty else { continue }
                chosen.append(
                    Chosen(scenario: scenario, topic: topic.title, cases: cases, splits: splits))
            }
        }
        self.chosen = chosen
        idle = globs.filter { !matched.contains($0) }
    }

    /// The cuts of a run over one scenario; one with a cut of its own is not unfolded by a family.
    private static func splits(_ split: SplitSelection?, over plans: [Plan]) -> [CutPlan?] {
        switch split {
        case nil: return [nil]
        case .plan(let plan)?: return [plan]
        case .family?:
            guard !plans.contains(where: \.hasOwnCuts) else { return [nil] }
            let longest = plans.map(\.longestFrame).max() ?? 0
            return split?.plans(longestMessage: longest) ?? [nil]
        }
    }

    /// The cases in the order of the files, each family member after the other.
    var cases: some Sequence<PlannedCase> {
        chosen.lazy.flatMap { chosen in
            chosen.splits.lazy.flatMap { split in planned(chosen, split) }
        }
    }

    private func planned(_ chosen: Chosen, _ split: CutPlan?) -> [PlannedCase] {
        let plans = planner.plans(chosen.scenario, topic: chosen.topic, split: split)
        return chosen.cases.map { index in
            let plan = plans[index]
            return PlannedCase(
                plan, split: split, skipped: planner.system.missing(plan.needs))
        }
    }
}

extension Glob {
    /// Whether it names this case: by its id, its scenario, a requirement or the topic.
    func matches(_ plan: Plan) -> Bool {
        matches(plan.caseID) || matches(plan.scenarioID) || matches(plan.topic)
            || plan.requirements.contains(where: matches)
    }
}

extension Plan {
    /// Whether its own steps say how they are cut.
    var hasOwnCuts: Bool {
        allSteps.contains { step in
            if case .transmit(_, let transmission) = step.action {
                transmission.split != .whole
            } else {
                false
            }
        }
    }
}
