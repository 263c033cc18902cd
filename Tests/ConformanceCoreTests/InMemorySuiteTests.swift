// SPDX-License-Identifier: Apache-2.0

import Bytes
import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("A whole suite, in memory")
struct InMemorySuiteTests {
    @Test(
        "the reference machine passes every scenario under every cut",
        arguments: ["whole", "bytes", "straddle", "coalesce:3", "random:5"])
    func referencePasses(split: String) throws {
        for chat in SpecsOnDisk.served {
            for run in try SuiteRun.all(of: chat, split: try CutPlan(parsing: split)) {
                #expect(
                    [.pass, .observed].contains(run.judgement.verdict),
                    "\(run.plan.caseID): \(run.judgement.findings)")
                #expect(disagreements(run.plan, run.transcript, run.judgement) == [])
            }
        }
    }

    @Test("who waits quietly says so with the reason, and who says so waits")
    func quietIsDeclared() throws {
        for chat in SpecsOnDisk.served {
            for run in try SuiteRun.all(of: chat, split: .whole) {
                // Who waits for the server's own time may have waited in vain, or not.
                if run.plan.allSteps.contains(where: { $0.patience != nil }) { continue }
                let waits = run.transcript.entries.contains {
                    if case .waitedQuietly = $0.event { true } else { false }
                }
                #expect(waits == !run.plan.quietReasons.isEmpty, "\(run.plan.caseID)")
            }
        }
    }

    @Test("cases are called the same whatever the seed, so that runs can be compared")
    func namesOfCases() throws {
        for chat in SpecsOnDisk.served {
            let suite = try #require(try SpecsOnDisk.suite(chat.name).suite)
            func cases(_ seed: UInt64) -> [String] {
                let planner = Planner(
                    suite: suite, system: .complete, seed: seed, log: ProblemLog())
                return suite.scenarios.flatMap { planner.headings($0, topic: "") }.map(\.caseID)
            }
            #expect(cases(1) == cases(2))
            #expect(Set(cases(1)).count == cases(1).count)
        }
    }

    @Test("two runs with two seeds share no name")
    func seedsShareNoName() throws {
        for chat in SpecsOnDisk.served {
            let suite = try #require(try SpecsOnDisk.suite(chat.name).suite)
            func names(_ seed: UInt64) -> Set<[UInt8]> {
                let planner = Planner(
                    suite: suite, system: .complete, seed: seed, log: ProblemLog())
                let plans = suite.scenarios.flatMap { planner.plans($0, topic: "") }
                return Set(plans.flatMap { $0.links.map(\.name) })
            }
            #expect(names(1).count > 100)
            #expect(names(1).isDisjoint(with: names(2)))
        }
    }
}

/// One plan of a suite, run on the reference machine and judged.
private struct SuiteRun {
    var plan: Plan
    var transcript: Transcript
    var judgement: Judgement

    /// Every scenario with few of its cases, as all are run over sockets under every cut; what is
    /// wrong in the files fails the test.
    static func all(of chat: ChatProtocol, split: CutPlan) throws -> [SuiteRun] {
        let (loaded, problems) = try SpecsOnDisk.suite(chat.name)
        let suite = try #require(loaded)
        let log = ProblemLog()
        let machine = chat.systemInMemory
        let planner = Planner(suite: suite, system: machine, seed: 7, log: log)
        let runs = suite.topics.flatMap { topic in
            topic.scenarios.filter { machine.missingInMemory($0) == nil }.flatMap { scenario in
                let plans = planner.plans(scenario, topic: topic.title, split: split)
                return plans.firstMiddleAndLast.filter {
                    machine.missingInMemory($0) == nil
                }.map { plan in
                    let server = chat.makeServer(chat.configurationInMemory(for: planner, plan))
                    let transcript = InMemoryExecutor.run(plan, on: server).transcript
                    let judgement = Judge.judge(plan, transcript, requirements: suite.requirements)
                    return SuiteRun(plan: plan, transcript: transcript, judgement: judgement)
                }
            }
        }
        #expect((problems + log.problems).map(\.description) == [])
        return runs
    }
}
