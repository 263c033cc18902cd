// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Testing

@testable import Conformance

@Suite("Results of several rounds")
struct RoundResultsTests {
    private func request(_ words: [String]) throws -> RunRequest {
        let words = ["run", "padded", "--launch", "true {port}"] + words
        guard case .command(let parsed) = try Program.command.parse(words, helpWidth: 80) else {
            throw NoPlan(problems: ["no command"])
        }
        return try RunRequest(parsed)
    }

    @Test("of each case the gravest round is kept, and what differed is called unstable")
    func unstable() throws {
        let plan = try plan(
            #""requirements": ["must"], "steps": [{ "peer": "bob", "connect": true }]"#)
        var results = RoundResults()
        var kept: [Bool] = []
        let verdicts: [Verdict] = [.pass, .fail, .pass, .inconclusive]
        for (round, verdict) in verdicts.enumerated() {
            var planned = PlannedCase(plan)
            planned.round = round
            let report = ScenarioReport(
                plan: plan, judgement: .unlaunched(plan, because: "a test"), duration: 0,
                reproduce: "round \(round)")
            var judged = report
            judged.verdict = verdict
            kept.append(results.count(judged, planned, seed: UInt64(round)))
            if kept[round] { results.keep(judged) }
        }
        #expect(kept == [true, true, false, false])
        #expect(results.scenarios.map(\.verdict) == [.fail])
        #expect(results.failedRound?.number == 2)
        let notes = results.notes(of: try request(["--until-fail"]))
        #expect(notes.contains("round 2 failed (seed 1)"))
        let line =
            "unstable: \(plan.caseID): pass 2 times (first in round 1, seed 0), inconclusive "
            + "1 times (first in round 4, seed 3), fail 1 times (first in round 2, seed 1)"
        #expect(notes.contains(line), "\(notes)")
        #expect(results.notes(of: try request([])) == [])
    }

    @Test("rounds are at most a thousand where nobody says how many")
    func bounds() throws {
        #expect(try request([]).rounds == 1)
        #expect(try request(["--until-fail"]).rounds == 1000)
        #expect(try request(["--until-fail", "--repeat", "5"]).rounds == 5)
    }
}
