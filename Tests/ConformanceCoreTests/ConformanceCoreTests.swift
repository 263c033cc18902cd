// SPDX-License-Identifier: Apache-2.0

import Bytes
import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("A whole suite, in memory")
struct InMemorySuiteTests {
    @Test("the reference machine passes every scenario", arguments: ["padded"])
    func referencePasses(name: String) throws {
        let (suite, problems) = try SpecsOnDisk.suite(name)
        #expect(problems.isEmpty, "\(problems.map(\.description).joined(separator: "\n"))")
        let loaded = try #require(suite)
        let machine = try #require(ProtocolCatalog.find(name))
        let log = ProblemLog()
        let planner = Planner(suite: loaded, system: .complete, seed: 7, log: log)
        for topic in loaded.topics {
            for scenario in topic.scenarios {
                for plan in planner.plans(scenario, topic: topic.title) {
                    let run = InMemoryExecutor.run(plan, on: machine.makeServer())
                    let judgement = Judge.judge(
                        plan, run.transcript, requirements: loaded.requirements)
                    #expect(
                        [.pass, .observed].contains(judgement.verdict),
                        "\(plan.caseID): \(judgement.findings)")
                }
            }
        }
        #expect(log.isEmpty, "\(log.problems.map(\.description).joined(separator: "\n"))")
    }
}
