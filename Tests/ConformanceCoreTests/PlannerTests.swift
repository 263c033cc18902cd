// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Plans")
struct PlannerTests {
    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    private func sent(_ plan: Plan) -> [String] {
        plan.allSteps.compactMap { step in
            guard case .transmit(_, let transmission) = step.action,
                case .message(let text)? = transmission.pieces.first
            else { return nil }
            return text.filled(with: [:]).map { String(decoding: $0, as: UTF8.self) }
        }
    }

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
        #expect(small.plans.map { sent($0).last } == ["x1", "y1", "x2", "y2"])
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
        #expect(sent(small.plans[0]).dropFirst() == ["n1", "n3", "n7"])
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
        #expect(sent(small.plans[0]) == names + names.map { "hello \($0)" })
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
        #expect(sent(small.plans[0]) == [names[0], "hello \(names[1])", names[1]])
    }

    @Test("a name that nobody has is told, and no peer that only speaks later")
    func strangerAndLaterPeer() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "steps": [\(alice),
              { "peer": "alice", "send": "${bob} ${nobody}" }, { "peer": "bob", "do": "enter" }]
            """)
        #expect(small.problems.count == 1)
        #expect(small.problems.first?.contains("'${nobody}' is declared nowhere") == true)
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

    @Test("two seeds share no name, one seed always draws the same")
    func seeds() {
        let members =
            #""requirements": ["must"], "values": { "w": "text" }, "steps": ["# + alice
            + #", { "peer": "alice", "send": "${w}" }]"#
        let one = SmallSuite(members, seed: 1).plans[0]
        #expect(one == SmallSuite(members, seed: 1).plans[0])
        #expect(Set(sent(one)).isDisjoint(with: sent(SmallSuite(members, seed: 2).plans[0])))
    }

    /// A case with names, texts and a channel, under a seed.
    private func lettered(_ seed: UInt64) -> SmallSuite {
        SmallSuite(
            #""requirements": ["must"], "values": { "w": "text" }, "steps": ["# + alice
                + #", { "peer": "alice", "send": "${w}" }, { "peer": "alice", "send": "${alice}" }]"#,
            seed: seed)
    }

    @Test("a cut changes no name and no text: an offset means the same under every plan")
    func cutsChangeNothing() throws {
        let small = lettered(258_411)
        let suite = try #require(small.suite)
        let scenario = try #require(suite.scenarios.first)
        let planner = Planner(
            suite: suite, system: .complete, seed: 258_411, log: ProblemLog())
        let whole = planner.plans(scenario, topic: "t")[0]
        for split: CutPlan in [.bytes, .at([3]), .delimiter] {
            #expect(sent(planner.plans(scenario, topic: "t", split: split)[0]) == sent(whole))
        }
    }

    @Test("a variant of a seed has other names of the same lengths and kinds")
    func variants() {
        func kinds(_ text: String) -> [UInt8] {
            text.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): 1
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): 2
                case UInt8(ascii: "0")...UInt8(ascii: "9"): 3
                default: byte
                }
            }
        }
        let first = sent(lettered(258_411).plans[0])
        for number: UInt64 in [1, 2, 57_000] {
            let seed = PlanSeed.variant(number, of: 258_411)
            #expect(seed % 1_000_000 == 258_411)
            let other = sent(lettered(seed).plans[0])
            #expect(other.map(kinds) == first.map(kinds))
            #expect(Set(other).isDisjoint(with: first))
        }
        #expect(PlanSeed.variant(0, of: 258_411) == 258_411)
        // The greatest seed has variants, too.
        #expect(PlanSeed.variant(3, of: .max) % 1_000_000 == UInt64.max % 1_000_000)
    }

    @Test("a filling value makes exactly the whole")
    func filling() throws {
        let small = SmallSuite(
            """
            "requirements": ["must"],
            "values": { "w": { "generator": "text", "behind": "[${alice}] ", "to": 200 } },
            "steps": [\(alice), { "peer": "alice", "send": "${w}" }]
            """)
        #expect(try #require(sent(small.plans[0]).last).utf8.count == 200 - 11)
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

    @Test("a case of more clients than the server serves is skipped, unless it is about that")
    func places() throws {
        func reason(_ capacity: String, _ more: String = "") throws -> String? {
            let members = """
                \(more) "requirements": ["must"], "steps": [\(alice),
                  { "peer": "bob", "do": "enter" }, { "peer": "cid", "connect": true }]
                """
            var system = SystemUnderTest.complete
            system.features["capacity"] = capacity
            let plan = try #require(SmallSuite(members, system: system).plans.first)
            return system.missing(plan)?.description
        }
        #expect(try reason("3") == nil)
        #expect(
            try reason("2") == "it needs 3 clients at once, and the server serves 2 (capacity)")
        #expect(try reason("2", #""needs": ["capacity"],"#) == nil)
        #expect(
            try reason("1", #""needs": ["capacity"],"#)
                == "it needs 2 clients at once, and the server serves 1 (capacity)")
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
        #expect(small.problems == [])
        let found = small.plans[0].steps.first { step in
            if case .expect = step.action { true } else { false }
        }
        #expect(try #require(found).level == expected)
    }

    @Test("a peer that nobody connects is named with those that are connected")
    func unknownPeer() {
        let small = SmallSuite(
            #""requirements": ["must"], "steps": [\#(alice), { "peer": "alcie", "send": "x" }]"#)
        #expect(small.problems.count == 1)
        #expect(
            small.problems[0].hasSuffix(
                "unknown peer 'alcie': no step before this one connects it; did you mean 'alice'?"))
    }

    @Test("an undeclared value is named with what is declared")
    func undeclared() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "values": { "room": "name" },
            "steps": [\(alice), { "peer": "alice", "send": "/join ${rooom}" }]
            """)
        #expect(small.problems.count == 1)
        #expect(small.problems[0].hasSuffix("'${rooom}' is declared nowhere; did you mean 'room'?"))
    }

    @Test("a message that no frame holds, a wrong cut and a value made of itself are problems")
    func otherProblems() {
        let small = SmallSuite(
            """
            "requirements": ["must"], "values": { "a": { "text": "${b}" }, "b": { "text": "${a}" } },
            "steps": [\(alice), { "peer": "alice", "send": "${fill:201}" },
              { "peer": "alice", "send": "x", "split": "evry:3" }, { "peer": "alice", "send": "${a}" }]
            """)
        #expect(
            small.problems.contains { $0.contains("this message has 201 bytes, a frame holds 200") }
        )
        #expect(small.problems.contains { $0.contains("evry") })
        #expect(small.problems.contains { $0.contains("is made of itself") })
    }

    @Test("what a server does not offer is told before anything runs")
    func needs() {
        let address = SystemUnderTest(isLaunched: false, isFresh: false)
        #expect(address.missing([]) == nil)
        #expect(address.missing([.fresh]) == .needsFreshServer)
        #expect(address.missing([.launched]) == .needsLaunchedServer)
        #expect(address.missing([.database]) == .lacksFeature(.database))
        let launched = SystemUnderTest(isLaunched: true, isFresh: true)
        #expect(launched.missing([.launched, .ownPort]) == .needsOwnPort)
        #expect(SystemUnderTest.complete.missing(Need.allCases) == nil)
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
