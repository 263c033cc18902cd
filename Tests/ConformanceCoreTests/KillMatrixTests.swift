// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

/// The suite is itself under test: servers with one defect each, run in memory.
@Suite("The kill matrix")
struct KillMatrixTests {
    @Test(
        "each fault is caught where it should be, each scenario catches a fault",
        arguments: SpecsOnDisk.served.map(\.name))
    func matrix(name: String) throws {
        let chat = try #require(ProtocolCatalog.find(name))
        let matrix = try KillMatrix(name)
        var idle = Set(matrix.quick.filter { $0.level > .open }.map(\.scenarioID))
        for fault in chat.faults {
            let killers = matrix.killers(of: fault, among: matrix.quick)
            idle.subtract(killers.map(\.scenarioID))
            if killers.contains(where: { $0.requirements.contains(fault.breaks) }) { continue }
            let slow = matrix.killers(of: fault, among: matrix.slow)
            #expect(
                slow.contains { $0.requirements.contains(fault.breaks) },
                "\(fault.name) breaks \(fault.breaks) and is caught only by \(killers.map(\.caseID))"
            )
        }
        #expect(idle == Set(Self.reasons.keys))
        for plan in matrix.slow where plan.level > .open {
            #expect(
                chat.faults.contains { !matrix.killers(of: $0, among: [plan]).isEmpty },
                "\(plan.caseID) catches no fault")
        }
    }

    /// Scenarios that no fault fails, and why that is no fault of theirs.
    private static let reasons: [String: String] = [:]
}

/// The plans of a suite, with few cases of each scenario: the first, the middle and the last.
private struct KillMatrix {
    let suite: Suite
    var quick: [Plan] = []
    /// Plans so large that they are run on one fault after another only until one is caught.
    var slow: [Plan] = []

    init(_ name: String) throws {
        suite = try #require(try SpecsOnDisk.suite(name).suite)
        let planner = Planner(suite: suite, system: .complete, seed: 3, log: ProblemLog())
        for topic in suite.topics {
            for scenario in topic.scenarios {
                let cases = planner.plans(scenario, topic: topic.title)
                let few =
                    cases.count > 20 ? [0, cases.count / 2, cases.count - 1] : Array(cases.indices)
                for plan in few.map({ cases[$0] }) {
                    if plan.allSteps.count > 150 { slow.append(plan) } else { quick.append(plan) }
                }
            }
        }
    }

    /// The plans that a server with this fault does not pass.
    ///
    /// On the way each run is checked: interpreter and judge agree about every step.
    func killers(of fault: Fault, among plans: [Plan]) -> [Plan] {
        plans.filter { plan in
            let run = InMemoryExecutor.run(plan, on: fault.makeServer())
            let judgement = Judge.judge(plan, run.transcript, requirements: suite.requirements)
            #expect(disagreements(plan, run.transcript, judgement) == [])
            #expect(judgement.verdict != .error, "\(plan.caseID): \(judgement.findings)")
            return judgement.verdict == .fail || judgement.verdict == .warn
        }
    }
}
