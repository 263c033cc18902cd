// SPDX-License-Identifier: Apache-2.0

import Bytes
import ChatProtocols
import Specs
import TestSupport
import Testing

@testable import ConformanceCore

@Suite("How much of a case a cut is laid over")
struct SplitReachTests {
    private static let members = """
        "requirements": ["must"], "preamble": [
          { "peer": "alice", "do": "enter" }, { "peer": "alice", "send": "/create room" },
          { "peer": "bob", "do": "enter" }, { "peer": "bob", "send": "/join room" }],
        "steps": [{ "peer": "alice", "send": "one" }, { "peer": "alice", "send": "two" },
          { "peer": "bob", "expect": "[${alice}] one" },
          { "peer": "bob", "expect": "[${alice}] two" },
          { "peer": "bob", "expectNothing": true }]
        """

    /// The case under the cut, with that reach, against the reference machine.
    private func run(_ split: CutPlan, _ reach: SplitReach) throws -> (plan: Plan, Transcript) {
        let suite = try #require(SmallSuite(Self.members).suite)
        let planner = Planner(suite: suite, system: .complete, seed: 1, log: ProblemLog())
        let scenario = try #require(suite.scenarios.first)
        let plan = try #require(
            planner.plans(scenario, topic: "Test", split: split, reach: reach).first)
        let machine = try #require(ProtocolCatalog.find("padded")).makeServer()
        return (plan, InMemoryExecutor.run(plan, on: machine).transcript)
    }

    /// The lengths of segments, of the preamble, of steps and of the runner's own questions.
    private func segments(_ split: CutPlan, _ reach: SplitReach) throws -> [[Int]] {
        let (plan, transcript) = try run(split, reach)
        let preamble = Set(plan.preamble.map(\.id))
        var lengths: [[Int]] = [[], [], []]
        for entry in transcript.entries {
            guard case .sent(_, let bytes, let step) = entry.event else { continue }
            lengths[step.map { preamble.contains($0) ? 0 : 1 } ?? 2].append(bytes.count)
        }
        return lengths
    }

    @Test("everything: preamble, steps and the runner's own questions")
    func everything() throws {
        for lengths in try segments(.at([37]), .everything) {
            #expect(Set(lengths) == [37, 163])
        }
    }

    @Test("questions: the preamble and the steps go out whole")
    func questions() throws {
        let lengths = try segments(.at([37]), .questions)
        #expect(lengths[0] == [200, 200, 200, 200])
        #expect(lengths[1] == [200, 200])
        #expect(!lengths[2].isEmpty)
        #expect(Set(lengths[2]) == [37, 163])
    }

    @Test("steps: the preamble and the runner's own questions go out whole")
    func steps() throws {
        let lengths = try segments(.at([37]), .steps)
        #expect(lengths[0] == [200, 200, 200, 200])
        #expect(lengths[1] == [37, 163, 37, 163])
        #expect(!lengths[2].isEmpty)
        #expect(Set(lengths[2]) == [200])
    }

    @Test("what is joined in steps is not joined in the preamble")
    func joined() throws {
        #expect(try segments(.coalesce(2), .everything)[0] == [400, 400])
        let lengths = try segments(.coalesce(2), .steps)
        #expect(lengths[0] == [200, 200, 200, 200])
        #expect(lengths[1] == [400])
    }
}
