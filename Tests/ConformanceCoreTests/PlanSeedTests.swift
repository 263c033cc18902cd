// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Seeds of plans")
struct PlanSeedTests {
    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    /// A case with names, texts and a channel, under a seed.
    private func lettered(_ seed: UInt64) -> SmallSuite {
        SmallSuite(
            #""requirements": ["must"], "values": { "w": "text" }, "steps": ["# + alice
                + #", { "peer": "alice", "send": "${w}" }, { "peer": "alice", "send": "${alice}" }]"#,
            seed: seed)
    }

    @Test("two seeds share no name, one seed always draws the same")
    func seeds() {
        let members =
            #""requirements": ["must"], "values": { "w": "text" }, "steps": ["# + alice
            + #", { "peer": "alice", "send": "${w}" }]"#
        let one = SmallSuite(members, seed: 1).plans[0]
        #expect(one == SmallSuite(members, seed: 1).plans[0])
        #expect(
            Set(one.sentTexts).isDisjoint(with: SmallSuite(members, seed: 2).plans[0].sentTexts))
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
            #expect(
                planner.plans(scenario, topic: "t", split: split)[0].sentTexts == whole.sentTexts)
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
        let first = lettered(258_411).plans[0].sentTexts
        for number: UInt64 in [1, 2, 57_000] {
            let seed = PlanSeed.variant(number, of: 258_411)
            #expect(seed % 1_000_000 == 258_411)
            let other = lettered(seed).plans[0].sentTexts
            #expect(other.map(kinds) == first.map(kinds))
            #expect(Set(other).isDisjoint(with: first))
        }
        #expect(PlanSeed.variant(0, of: 258_411) == 258_411)
        // The greatest seed has variants, too.
        #expect(PlanSeed.variant(3, of: .max) % 1_000_000 == UInt64.max % 1_000_000)
    }
}
