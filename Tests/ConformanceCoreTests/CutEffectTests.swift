// SPDX-License-Identifier: Apache-2.0

import Specs
import TestSupport
import Testing

@testable import ConformanceCore

@Suite("What a cut does to a case")
struct CutEffectTests {
    private func report(_ verdict: Verdict, _ requirements: [String] = []) throws -> ScenarioReport
    {
        let small = SmallSuite(
            #""requirements": ["must"], "steps": [{ "peer": "alice", "do": "enter" }]"#)
        let findings = requirements.map { requirement in
            Finding(
                requirement: requirement, level: verdict == .fail ? .must : .should,
                isPreamble: false, kind: .unexpected)
        }
        return ScenarioReport(
            plan: try #require(small.plans.first),
            judgement: Judgement(verdict: verdict, findings: findings), duration: 0,
            reproduce: "")
    }

    @Test("a warning that is not there uncut is a break; the same warning is none")
    func warnings() throws {
        let warning = try report(.warn, ["late", "partial"])
        #expect(warning.effect(besides: []) == .warning)
        #expect(warning.effect(besides: ["late"]) == .warning)
        #expect(warning.effect(besides: ["late", "partial", "more"]) == .none)
        #expect(warning.weightiest(besides: ["late"])?.requirement == "partial")
        #expect(CutEffect.warning.isBreak)
    }

    @Test("a failure is a break whatever was warned of; what is inconclusive is none")
    func others() throws {
        #expect(try report(.fail, ["late"]).effect(besides: ["late"]) == .failure)
        #expect(try report(.inconclusive, ["late"]).effect(besides: []) == .unreached)
        #expect(!CutEffect.unreached.isBreak)
        for verdict: Verdict in [.pass, .observed, .skipped, .error] {
            #expect(try report(verdict).effect(besides: []) == .none)
        }
    }

    @Test("a case that warns holds, and may be cut")
    func holding() throws {
        #expect(try report(.warn, ["late"]).holds)
        #expect(try report(.warn, ["late"]).warned == ["late"])
        #expect(try !report(.fail, ["late"]).holds)
        #expect(try report(.fail, ["late"]).warned == [])
    }
}
