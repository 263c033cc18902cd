// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("CutPlan syntax")
struct CutPlanParsingTests {
    @Test(
        "every plan is read and written alike",
        arguments: [
            ("whole", .whole), ("bytes", .bytes), ("every:7", .every(7)),
            ("at:1,199", .at([1, 199])), ("at:-1", .at([-1])), ("straddle", .straddle(nil)),
            ("straddle:5", .straddle(5)), ("straddle:-1", .straddle(-1)),
            ("coalesce:3", .coalesce(3)), ("parts:2", .parts(2)), ("parts:8", .parts(8)),
            ("random:0", .random(seed: 0, sizes: 1...64)),
            ("random:18446744073709551615:2-9", .random(seed: .max, sizes: 2...9)),
            ("utf8", .utf8), ("escape", .escape), ("tokens", .tokens),
            ("delimiter", .delimiter),
        ] as [(String, CutPlan)]
    )
    func roundTrips(text: String, plan: CutPlan) throws {
        #expect(try CutPlan(parsing: text) == plan)
        #expect(plan.description == text)
        #expect(try SplitSelection(parsing: text) == .plan(plan))
    }

    private static let possible =
        "Plans are whole, bytes, every:N, at:N,..., straddle[:N], coalesce:N, "
        + "parts:N, random:SEED[:MIN-MAX], utf8, escape, tokens and delimiter; "
        + "families are pairs, straddles and edges"

    @Test(
        "what is no plan is refused with what would be right",
        arguments: [
            ("", "\"\" is no cut plan. \(possible)"),
            ("byte", "\"byte\" is no cut plan: did you mean bytes? \(possible)"),
            ("pair", "\"pair\" is no cut plan: did you mean pairs? \(possible)"),
            ("a\u{1B}[0m", "\"a\\x1B[0m\" is no cut plan. \(possible)"),
            ("whole:1", "\"whole:1\": whole takes no argument; write just whole"),
            ("every", "\"every\" lacks its argument: every:N, N bytes a segment, N from 1"),
            (
                "every:0",
                "\"every:0\": \"0\" is not possible here: every:N, N bytes a segment, N from 1"
            ),
            (
                "coalesce:-2",
                "\"coalesce:-2\": \"-2\" is not possible here: coalesce:N, N messages a segment, "
                    + "N from 1"
            ),
            (
                "parts:9",
                "\"parts:9\": \"9\" is not possible here: parts:N, each message in N segments, N from "
                    + "2 to 8"
            ),
            (
                "parts:1",
                "\"parts:1\": \"1\" is not possible here: parts:N, each message in N segments, N from "
                    + "2 to 8"
            ),
            (
                "at:1,0",
                "\"at:1,0\": \"0\" is not possible here: at:N,..., offsets in each message, "
                    + "negative from its end, none 0"
            ),
            (
                "straddle:x",
                "\"straddle:x\": \"x\" is not possible here: straddle, or straddle:N, N bytes of "
                    + "the next message, negative from its end, not 0"
            ),
            (
                "at:99999999999",
                "\"at:99999999999\": 99999999999 is too great: the numbers in a plan go up to "
                    + "1073741824 (1 GiB)"
            ),
            (
                "random:1:2-1073741825",
                "\"random:1:2-1073741825\": 1073741825 is too great: the numbers in a plan go up "
                    + "to 1073741824 (1 GiB)"
            ),
            (
                "random:1:9-2",
                "\"random:1:9-2\": \"9-2\" is not possible here: random:SEED or "
                    + "random:SEED:MIN-MAX, with 1 <= MIN <= MAX"
            ),
        ]
    )
    func refuses(text: String, message: String) {
        let error = #expect(throws: CutPlanError.self) { try SplitSelection(parsing: text) }
        #expect(error?.description == message)
    }

    @Test("who takes plans alone is offered no family")
    func offersNoFamily() {
        let error = #expect(throws: CutPlanError.self) { try CutPlan(parsing: "pair") }
        let plans = Self.possible.split(separator: ";").first.map(String.init) ?? ""
        #expect(error?.description == "\"pair\" is no cut plan. \(plans)")
    }

    @Test(
        "numbers are plain and bounded",
        arguments: [
            "every:+1", "every: 1", "every:1e3", "every:٣", "at:", "at:1,", "at:,1", "at:--1",
            "at:-", "at:9223372036854775808", "at:-9223372036854775808", "every:1073741825",
            "random:-1", "random:", "random:1:", "random:1:0-3", "random:1:2-3:4",
            "random:18446744073709551616", "straddle:0", "straddle:", "coalesce:",
        ]
    )
    func refusesNumbers(text: String) {
        #expect(throws: CutPlanError.self) { try CutPlan(parsing: text) }
    }

    @Test("a family is told from a plan by its name")
    func readsFamilies() throws {
        #expect(try SplitSelection(parsing: "pairs") == .family(.pairs))
        #expect(try SplitSelection(parsing: "straddles") == .family(.straddles))
        #expect(try SplitSelection(parsing: "edges") == .family(.edges))
        #expect(SplitSelection.family(.edges).description == "edges")
        #expect(SplitSelection.plan(.every(3)).plans(longestMessage: 9) == [.every(3)])
    }

    @Test("pairs and straddles have a member for each place inside the longest message")
    func familiesAreWhole() {
        #expect(CutFamily.pairs.members(longestMessage: 4) == [.at([1]), .at([2]), .at([3])])
        #expect(CutFamily.straddles.members(longestMessage: 3) == [.straddle(1), .straddle(2)])
        #expect(CutFamily.pairs.members(longestMessage: 200).count == 199)
        #expect(CutFamily.edges.members(longestMessage: 200).contains(.delimiter))
    }

    @Test("a family never is empty", arguments: CutFamily.allCases, [-1, 0, 1])
    func familiesAreNeverEmpty(family: CutFamily, longest: Int) {
        #expect(!family.members(longestMessage: longest).isEmpty)
    }
}
