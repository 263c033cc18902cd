// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Plans")
struct PlannerTests {
    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    @Test("a foreach unfolds to named cases, in order, nesting from the outside in")
    func foreach() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "foreach": { "i": { "from": 1, "to": 2 }, "w": ["x", "y"] },
            "steps": [\(alice), { "peer": "alice", "send": "${w}${i}" }]
            """)
        #expect(small.problems == [])
        #expect(
            small.plans.map(\.caseID) == [
                "case[i=1,w=x]", "case[i=1,w=y]", "case[i=2,w=x]", "case[i=2,w=y]",
            ])
        #expect(small.plans.map { $0.sentTexts.last } == ["x1", "y1", "x2", "y2"])
    }

    @Test("a range leaves out what it excepts")
    func except() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "steps": [\(alice),
              { "repeat": { "i": { "from": 1, "to": 7, "step": 2, "except": "5" } },
                "steps": [{ "peer": "alice", "send": "n${i}" }] }]
            """)
        #expect(small.problems == [])
        #expect(small.plans[0].sentTexts.dropFirst() == ["n1", "n3", "n7"])
    }

    @Test("a peer's name in a text is the generated one, nested names resolve from the inside")
    func names() throws {
        let small = SmallSuite(
            """
            "requirements": ["must"], "steps": [
              { "repeat": { "i": { "from": 1, "to": 2 } }, "steps": [{ "peer": "user${i}", "do": "enter" }] },
              { "repeat": { "i": { "from": 1, "to": 2 } },
                "steps": [{ "peer": "user1", "send": "hello ${user${i}}" }] }]
            """)
        #expect(small.problems == [])
        let names = small.plans[0].links.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(Set(names).count == 2)
        #expect(small.plans[0].sentTexts == names + names.map { "hello \($0)" })
    }

    @Test("a text may name a peer that speaks later")
    func laterPeer() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "steps": [\(alice),
              { "peer": "alice", "send": "hello ${bob}" }, { "peer": "bob", "do": "enter" }]
            """)
        #expect(small.problems == [])
        let names = small.plans[0].links.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(small.plans[0].sentTexts == [names[0], "hello \(names[1])", names[1]])
    }

    @Test("plans that are made when they are asked for are those that are made at once")
    func onDemand() throws {
        let small = SmallSuite(
            """
            "requirements": ["must"], "foreach": { "i": { "from": 1, "to": 3 } },
            "steps": [\(alice), { "peer": "alice", "send": "${i}" }]
            """)
        let suite = try #require(small.suite)
        let scenario = try #require(suite.scenarios.first)
        let planner = Planner(suite: suite, system: .complete, seed: 1, log: ProblemLog())
        let plans = planner.plansOnDemand(scenario, topic: "t")
        #expect(plans.count == 3)
        #expect(Array(plans) == planner.plans(scenario, topic: "t"))
        #expect(plans.last == planner.plans(scenario, topic: "t").last)
    }

    @Test("a filling value makes exactly the whole")
    func filling() throws {
        let small = SmallSuite(
            """
            "requirements": ["must"],
            "values": { "w": { "generator": "text", "behind": "[${alice}] ", "to": 200 } },
            "steps": [\(alice), { "peer": "alice", "send": "${w}" }]
            """)
        #expect(try #require(small.plans[0].sentTexts.last).utf8.count == 200 - 11)
    }

    @Test(
        "levels are lowered by scenario, case and step, and never raised",
        arguments: [
            (#""requirements": ["must"]"#, #""#, Level.must),
            (#""requirements": ["must"], "level": "S""#, #""#, .should),
            (#""requirements": ["must"]"#, #", "level": "O""#, .open),
            (#""requirements": ["should"]"#, #", "level": "M""#, .should),
            (#""requirements": ["must"]"#, #", "requirement": "open""#, .open),
            (
                #""requirements": ["must"], "foreach": { "c": [{ "value": "x", "level": "S" }] }"#,
                "", .should
            ),
        ])
    func levels(scenario: String, step: String, expected: Level) throws {
        let small = SmallSuite(
            #"\#(scenario), "steps": [\#(alice), { "peer": "alice", "expect": "x"\#(step) }]"#)
        // A level that would raise is told, too.
        #expect(small.problems.isEmpty == !step.contains(#""M""#))
        let found = small.plans[0].steps.first { step in
            if case .expect = step.action { true } else { false }
        }
        #expect(try #require(found).level == expected)
    }

    @Test(
        "a step of a procedure weighs no more than the scenario that calls it",
        arguments: [("must", "must"), ("should", "should"), ("open", "open")])
    func levelOfCaller(requirement: String, judgedBy: String) throws {
        let small = SmallSuite(
            """
            "requirements": ["\(requirement)"], "steps": [{ "peer": "alice", "do": "meet" },
              { "peer": "alice", "expect": { "any": true }, "requirement": "must" }]
            """)
        #expect(small.problems == [])
        let plan = try #require(small.plans.first)
        let judged = plan.steps.compactMap { step -> String? in
            guard case .expect = step.action else { return nil }
            return "\(step.requirement) \(step.level.rawValue)"
        }
        #expect(judged == ["\(judgedBy) \(plan.steps[0].level.rawValue)", "must M"])
    }

    @Test("sends are joined as their plan wants, never across another step")
    func joining() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "split": "coalesce:2", "preamble": [\(alice)],
            "steps": [{ "peer": "alice", "send": "1" }, { "peer": "alice", "send": "2" },
              { "peer": "alice", "send": "3" }, { "peer": "alice", "expectNothing": true },
              { "peer": "alice", "send": "4" }]
            """)
        let counts = small.plans[0].steps.compactMap { step -> Int? in
            if case .transmit(_, let transmission) = step.action {
                transmission.pieces.count
            } else {
                nil
            }
        }
        #expect(counts == [2, 1, 1])
    }
}

extension Plan {
    /// The first message of each step that sends, as text.
    var sentTexts: [String] {
        allSteps.compactMap { step in
            guard case .transmit(_, let transmission) = step.action,
                case .message(let text)? = transmission.pieces.first
            else { return nil }
            return text.filled(with: [:]).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
