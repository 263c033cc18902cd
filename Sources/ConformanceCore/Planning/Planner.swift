// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Specs

/// Makes plans of scenarios.
package struct Planner {
    package let suite: Suite
    package let system: SystemUnderTest
    package private(set) var seed: UInt64
    private var log: ProblemLog
    private let alphabets: [String: LetterExchange.Alphabets]

    package init(suite: Suite, system: SystemUnderTest, seed: UInt64, log: ProblemLog) {
        self.suite = suite
        self.system = system.with(defaults: suite.document.features)
        self.seed = seed
        self.log = log
        alphabets = suite.document.generators.mapValues { LetterExchange.Alphabets($0) }
    }

    /// The same with other names and texts; what is wrong in the files was noted before.
    package func with(seed: UInt64) -> Planner {
        guard seed != self.seed else { return self }
        var planner = self
        planner.seed = seed
        planner.log = ProblemLog()
        return planner
    }

    /// One plan for each case of the scenario, cut by `split` so far as `reach` says.
    ///
    /// What is wrong in the file is noted in the log.
    package func plans(
        _ scenario: Scenario, topic: String, split: CutPlan? = nil,
        reach: SplitReach = .everything
    ) -> [Plan] {
        Array(plansOnDemand(scenario, topic: topic, split: split, reach: reach))
    }

    /// The same, each made when it is asked for, and each time anew.
    package func plansOnDemand(
        _ scenario: Scenario, topic: String, split: CutPlan? = nil,
        reach: SplitReach = .everything
    ) -> some RandomAccessCollection<Plan> {
        rounds(scenario, topic).lazy.map { round in
            var builder = builder(scenario, topic, round, split, reach)
            return builder.plan()
        }
    }

    /// What the scenario's cases are called and are about, in the order of their plans.
    package func headings(_ scenario: Scenario, topic: String) -> [CaseHeading] {
        rounds(scenario, topic).map { round in
            CaseHeading(
                caseID: CaseBuilder.caseID(scenario, round), scenarioID: scenario.id, topic: topic,
                requirements: scenario.requirements)
        }
    }

    private func rounds(_ scenario: Scenario, _ topic: String) -> [Round] {
        guard let foreach = scenario.foreach else { return [Round()] }
        var unfolding = builder(scenario, topic, Round(), nil, .everything)
        return unfolding.rounds(foreach, Scope())
    }

    private func builder(
        _ scenario: Scenario, _ topic: String, _ round: Round, _ split: CutPlan?,
        _ reach: SplitReach
    ) -> CaseBuilder {
        CaseBuilder(
            suite: suite, scenario: scenario, topic: topic, round: round, system: system,
            runSplit: split, reach: reach, seed: seed, alphabets: alphabets, log: log)
    }

    /// Plans everything, only to find what is wrong in the files.
    ///
    /// Leaves out files that lean on one that could not be read: what is missing there would be
    /// told as their mistakes.
    package static func check(_ suite: Suite, log: ProblemLog) {
        let planner = Planner(suite: suite, system: .complete, seed: 1, log: log)
        for topic in suite.topics {
            for scenario in topic.scenarios where !suite.misread.contains(scenario.position.file) {
                let problems = log.count
                let plans = planner.plans(scenario, topic: topic.title)
                guard plans.isEmpty, log.count == problems else { continue }
                log.note(
                    "this scenario has no case",
                    at: scenario.foreach?.position ?? scenario.position,
                    advice: "let each name of 'foreach' have a value")
            }
        }
    }
}
