// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import Specs

/// One scenario and its plans, in a protocol that a test writes down.
package struct PlannedScenario {
    package let suite: Suite?
    package let planner: Planner?
    package let plans: [Plan]
    /// What is wrong in the files, in the words that a user sees.
    package let problems: [String]

    /// `members` is the inside of the scenario's JSON object but for id and title.
    package init(
        _ members: String, document: String, requirements: String,
        system: SystemUnderTest = .complete, seed: UInt64 = 1
    ) {
        self.init(
            file: """
                { "topic": "Test", "scenarios": [{ "id": "case", "title": "It holds", \(members) }] }
                """, document: document, requirements: requirements, system: system, seed: seed)
    }

    /// All scenarios of a file, of which `text` is the whole.
    package init(
        file text: String, document: String, requirements: String,
        system: SystemUnderTest = .complete, seed: UInt64 = 1
    ) {
        let log = ProblemLog()
        let suite = SuiteFiles(
            document: SpecFile(path: "protocol.json", bytes: Array(document.utf8)),
            requirements: SpecFile(path: "requirements.json", bytes: Array(requirements.utf8)),
            scenarios: [SpecFile(path: "case.json", bytes: Array(text.utf8))]
        ).suite(log: log)
        let planner = suite.map { Planner(suite: $0, system: system, seed: seed, log: log) }
        self.suite = suite
        self.planner = planner
        plans = suite?.scenarios.flatMap { planner?.plans($0, topic: "Test") ?? [] } ?? []
        problems = log.problems.map(\.description)
    }
}
