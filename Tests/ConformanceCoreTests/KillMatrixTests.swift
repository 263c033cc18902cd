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
        let matrix = try KillMatrix(chat)
        var idle = Set(matrix.quick.filter { $0.level > .open }.map(\.scenarioID))
        for fault in chat.faults where Self.unseen[fault.name] == nil {
            let killers = matrix.killers(
                of: fault,
                among: matrix.quick.filter {
                    idle.contains($0.scenarioID) || $0.requirements.contains(fault.breaks)
                })
            idle.subtract(killers.map(\.scenarioID))
            if killers.contains(where: { $0.requirements.contains(fault.breaks) }) { continue }
            let slow = matrix.killers(of: fault, among: matrix.slow)
            #expect(
                slow.contains { $0.requirements.contains(fault.breaks) },
                "\(fault.name) breaks \(fault.breaks) and is caught only by \(killers.map(\.caseID))"
            )
        }
        #expect(idle == [])
        for plan in matrix.slow where plan.level > .open {
            let likely = chat.faults.filter { plan.requirements.contains($0.breaks) }
            #expect(
                (likely + chat.faults).contains { !matrix.killers(of: $0, among: [plan]).isEmpty },
                "\(plan.caseID) catches no fault")
        }
    }

    /// Faults that nothing in memory can show, and why; the end-to-end tests show them.
    private static let unseen = [
        "stores-nothing": "only a process can be started again with its database",
        "does-not-store-accounts": "only a process can be started again with its database",
        "does-not-store-channels": "only a process can be started again with its database",
        "does-not-store-memberships": "only a process can be started again with its database",
        "does-not-store-messages": "only a process can be started again with its database",
        "does-not-store-every-20th-message": "only a process can be killed with its database",
        "stores-passwords-in-plain-text": "only a process has files",
        "does-not-read-the-users-file": "only a process is started with a file",
        "tells-one-peer-alone": "only processes can be several servers",
        "ignores-joins-of-who-was-dialled": "only processes can be several servers",
    ]
}

/// The plans of a suite, with few cases of each scenario: the first, the middle and the last.
private struct KillMatrix {
    let chat: ChatProtocol
    let suite: Suite
    private let planner: Planner
    private let probe: Plan
    var quick: [Plan] = []
    /// Plans so large that they are run on one fault after another only until one is caught.
    var slow: [Plan] = []
    /// What the machine is told for each case; made once, not for each fault.
    private var configurations: [String: ServerConfiguration] = [:]

    init(_ chat: ChatProtocol) throws {
        self.chat = chat
        suite = try #require(try SpecsOnDisk.suite(chat.name).suite)
        let system = chat.systemInMemory
        planner = Planner(suite: suite, system: system, seed: 3, log: ProblemLog())
        probe = try #require(ProbePlan.plan(for: planner))
        for topic in suite.topics {
            for scenario in topic.scenarios where system.missingInMemory(scenario) == nil {
                let cases = planner.plans(scenario, topic: topic.title)
                for plan in cases.count > 20 ? cases.firstMiddleAndLast : cases {
                    configurations[plan.caseID] = chat.configurationInMemory(for: planner, plan)
                    if plan.allSteps.count > 150 { slow.append(plan) } else { quick.append(plan) }
                }
            }
        }
    }

    /// What a run finds out about a server before it judges.
    private func knowledge(of server: any ChatServer) -> RunKnowledge {
        let run = InMemoryExecutor.run(probe, on: server)
        return ProbePlan.knowledge(
            from: run.transcript, run.knowledge, of: probe)
    }

    /// The plans that a server with this fault does not pass.
    ///
    /// On the way each run is checked: interpreter and judge agree about every step.
    func killers(of fault: Fault, among plans: [Plan]) -> [Plan] {
        let knowledge = knowledge(
            of: fault.makeServer(chat.configurationInMemory(for: planner)))
        return plans.filter { plan in
            let run = InMemoryExecutor.run(
                plan, on: fault.makeServer(configurations[plan.caseID] ?? .init()),
                knowledge: knowledge)
            let judgement = Judge.judge(plan, run.transcript, requirements: suite.requirements)
            #expect(disagreements(plan, run.transcript, judgement) == [])
            #expect(judgement.verdict != .error, "\(plan.caseID): \(judgement.findings)")
            return judgement.verdict == .fail || judgement.verdict == .warn
        }
    }
}
