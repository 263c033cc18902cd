// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Reports
import Specs

/// The cases of a suite that a run is about.
///
/// Planning is cheap, keeping plans is not: each case is planned when the run comes to it.
struct CaseSelection {
    let planner: Planner
    private let split: SplitSelection?
    private let sharesServer: Bool
    private let chosen: [Chosen]

    /// A scenario with those of its cases that are wanted, by their places.
    private struct Chosen {
        var scenario: Scenario
        var topic: String
        var cases: [Int]
        /// The cuts laid over it, each a run of its own; `nil`: none.
        var splits: [CutPlan?]
        /// The one message form that they cut; `nil`: all.
        var form: String?
        /// How much of a case they are laid over.
        var reach: SplitReach
        /// `nil` for the run's.
        var seed: UInt64?
    }

    /// How many cases there are, skipped ones included.
    var count: Int { chosen.reduce(0) { $0 + $1.cases.count * $1.splits.count } }

    /// Globs that match nothing of the suite.
    let idle: [Glob]

    /// `sharesServer`: members of a family of cuts meet one server, and must not meet each other's
    /// names there.
    init(
        planner: Planner, only globs: [Glob], split: SplitSelection?, form: String? = nil,
        reach: SplitReach = .everything, sharesServer: Bool = false
    ) {
        self.planner = planner
        self.split = split
        self.sharesServer = sharesServer
        var chosen: [Chosen] = []
        var matched: Set<Glob> = []
        for topic in planner.suite.topics {
            for scenario in topic.scenarios {
                let headings = planner.headings(scenario, topic: topic.title)
                let hits = headings.map { heading in globs.filter { $0.matches(heading) } }
                hits.forEach { matched.formUnion($0) }
                let cases = headings.indices.filter { globs.isEmpty || !hits[$0].isEmpty }
                guard !cases.isEmpty else { continue }
                let splits = Self.splits(split, of: scenario, topic.title, planner)
                chosen.append(
                    Chosen(
                        scenario: scenario, topic: topic.title, cases: cases, splits: splits,
                        form: form, reach: reach))
            }
        }
        self.chosen = chosen
        idle = globs.filter { !matched.contains($0) }
    }

    /// The cases of another run, with their cuts and seeds.
    ///
    /// `lost` are those that the suite does not have any more.
    init(planner: Planner, again stored: [StoredScenario], lost: inout [String]) {
        self.planner = planner
        split = nil
        sharesServer = false
        idle = []
        var chosen: [Chosen] = []
        for entry in stored {
            guard let found = planner.find(entry) else {
                lost.append(entry.id)
                continue
            }
            chosen.append(
                Chosen(
                    scenario: found.scenario, topic: found.topic, cases: [found.number],
                    splits: [entry.split], form: entry.splitForm, reach: entry.splitReach,
                    seed: entry.seed))
        }
        self.chosen = chosen
    }

    /// The cuts of a run over one scenario; one with a cut of its own is not unfolded by a family.
    private static func splits(
        _ split: SplitSelection?, of scenario: Scenario, _ topic: String, _ planner: Planner
    ) -> [CutPlan?] {
        switch split {
        case nil: return [nil]
        case .plan(let plan)?: return [plan]
        case .family?:
            let plans = planner.plans(scenario, topic: topic)
            guard !plans.contains(where: \.hasOwnCuts) else { return [nil] }
            let longest = plans.map(\.longestFrame).max() ?? 0
            return split?.plans(longestMessage: longest) ?? [nil]
        }
    }

    /// The cases in the order of the files, each family member after the other; all of a round
    /// before those of the next.
    func cases(rounds: Range<Int> = 0..<1) -> some Sequence<PlannedCase> {
        rounds.lazy.flatMap { round in
            chosen.lazy.flatMap { chosen in
                chosen.splits.indices.lazy.flatMap { member in planned(chosen, member, round) }
            }
        }
    }

    /// Each case by its scenario, and its place among that scenario's cases.
    var entries: [(scenario: Scenario, topic: String, number: Int)] {
        chosen.flatMap { chosen in chosen.cases.map { (chosen.scenario, chosen.topic, $0) } }
    }

    /// The seed of a round: the first has the run's own.
    func seed(ofRound round: Int, from first: UInt64? = nil) -> UInt64 {
        let first = first ?? planner.seed
        guard round > 0 else { return first }
        var generator = SeededGenerator(seed: first).derived(for: "round \(round)")
        return generator.next() % 1_000_000_000
    }

    private func planned(
        _ chosen: Chosen, _ member: Int, _ round: Int
    ) -> some Sequence<PlannedCase> {
        let split = chosen.splits[member]
        let seed = PlanSeed.variant(
            sharesServer ? UInt64(member) : 0, of: seed(ofRound: round, from: chosen.seed))
        let plans = planner.with(seed: seed)
            .plansOnDemand(
                chosen.scenario, topic: chosen.topic, split: split, reach: chosen.reach)
        let places = Array(plans.indices)
        return chosen.cases.lazy.filter(places.indices.contains).map { number in
            let plan = plans[places[number]]
            var planned = PlannedCase(plan, split: split, skipped: planner.system.missing(plan))
            planned.plan.splitForm = split == nil ? nil : chosen.form
            planned.round = round
            planned.seed = seed == planner.seed ? nil : seed
            return planned
        }
    }
}

extension Planner {
    /// The scenario that a stored case is of, and its place among that scenario's cases.
    func find(_ stored: StoredScenario) -> (scenario: Scenario, topic: String, number: Int)? {
        for topic in suite.topics {
            for scenario in topic.scenarios where scenario.id == stored.scenarioID {
                let headings = headings(scenario, topic: topic.title)
                guard let number = headings.firstIndex(where: { $0.caseID == stored.caseID }) else {
                    return nil
                }
                return (scenario, topic.title, number)
            }
        }
        return nil
    }
}

extension Glob {
    /// Whether it names this case: by its id, its scenario, a requirement or the topic.
    func matches(_ heading: CaseHeading) -> Bool {
        matches(heading.caseID) || matches(heading.scenarioID) || matches(heading.topic)
            || heading.requirements.contains(where: matches)
    }
}
