// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Specs

/// Makes plans of scenarios.
package struct Planner {
    package let suite: Suite
    package let system: SystemUnderTest
    package let seed: UInt64
    private let log: ProblemLog

    package init(suite: Suite, system: SystemUnderTest, seed: UInt64, log: ProblemLog) {
        self.suite = suite
        self.system = system.with(defaults: suite.document.features)
        self.seed = seed
        self.log = log
    }

    /// One plan for each case of the scenario, all that the runner sends cut by `split`.
    ///
    /// What is wrong in the file is noted in the log.
    package func plans(
        _ scenario: Scenario, topic: String, split: CutPlan? = nil
    ) -> [Plan] {
        Array(plansOnDemand(scenario, topic: topic, split: split))
    }

    /// The same, each made when it is asked for, and each time anew.
    package func plansOnDemand(
        _ scenario: Scenario, topic: String, split: CutPlan? = nil
    ) -> some RandomAccessCollection<Plan> {
        rounds(scenario, topic, split).lazy.map { round in
            var builder = builder(scenario, topic, round, split)
            return builder.plan()
        }
    }

    /// What the scenario's cases are called and are about, in the order of their plans.
    package func headings(_ scenario: Scenario, topic: String) -> [CaseHeading] {
        rounds(scenario, topic, nil).map { round in
            CaseHeading(
                caseID: CaseBuilder.caseID(scenario, round), scenarioID: scenario.id, topic: topic,
                requirements: scenario.requirements)
        }
    }

    private func rounds(_ scenario: Scenario, _ topic: String, _ split: CutPlan?) -> [Round] {
        guard let foreach = scenario.foreach else { return [Round()] }
        var unfolding = builder(scenario, topic, Round(), split)
        return unfolding.rounds(foreach, Scope())
    }

    private func builder(
        _ scenario: Scenario, _ topic: String, _ round: Round, _ split: CutPlan?
    ) -> CaseBuilder {
        CaseBuilder(
            suite: suite, scenario: scenario, topic: topic, round: round, system: system,
            runSplit: split, seed: seed, log: log)
    }

    /// Plans everything, only to find what is wrong in the files.
    ///
    /// Leaves out files that lean on one that could not be read: what is missing there would be
    /// told as their mistakes.
    package static func check(_ suite: Suite, log: ProblemLog) {
        let planner = Planner(suite: suite, system: .complete, seed: 1, log: log)
        for topic in suite.topics {
            for scenario in topic.scenarios where !suite.misread.contains(scenario.position.file) {
                _ = planner.plans(scenario, topic: topic.title)
            }
        }
    }
}
