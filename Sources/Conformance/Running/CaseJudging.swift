// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// From what became of a case to its part of the report.
struct CaseJudging {
    let requirements: Requirements
    let isStrict: Bool
    let reproduction: ReproductionLine

    func report(_ run: CaseRun) -> ScenarioReport {
        let plan = run.planned.plan
        switch run.outcome {
        case .skipped(let reason):
            return report(run, .skipped, skipped: reason)
        case .late:
            return report(run, .skipped)
        case .broken(let what):
            return report(run, .broken(plan, by: what))
        case .launchFailed(let failure):
            var report = report(run, .unlaunched(plan, because: failure.sentence))
            report.serverOutput = ServerOutput(failure.output)
            return report
        case .ran(let scenario):
            let judgement = Judge.judge(
                plan, scenario.transcript, requirements: requirements, isStrict: isStrict)
            var report = report(run, judgement)
            report.duration = scenario.duration
            report.transcript = scenario.transcript
            report.serverOutput = scenario.server.map { ServerOutput($0.output) }
            report.serverEnd = scenario.server?.termination?.description
            report.note = noteOfNames(report) ?? noteOfPort(scenario.server)
            return report
        }
    }

    /// Names that are drawn from a seed of the user's are those of every run with it.
    private func noteOfNames(_ report: ScenarioReport) -> String? {
        guard reproduction.request.isSeedGiven, report.saysNamesAreTaken else { return nil }
        return "the names may be taken: they are the same in each run with this seed, and a server "
            + "that keeps names knows those of an earlier one; without --seed they are new"
    }

    /// A server that is about to end, or has given up, without its process being over.
    private func noteOfPort(_ server: ServerTrace?) -> String? {
        guard let server, server.listensNoMore, server.termination == nil else { return nil }
        return "at the scenario's end nothing listened at the server's port any more, though its "
            + "process had not ended"
    }

    private func report(
        _ run: CaseRun, _ judgement: Judgement, skipped: SkipReason? = nil
    ) -> ScenarioReport {
        var report = ScenarioReport(
            plan: run.planned.plan, judgement: judgement, duration: 0,
            reproduce: reproduction.line(for: run.planned), split: run.planned.split,
            skipped: skipped)
        report.seed = run.planned.seed
        return report
    }
}

extension ServerOutput {
    init(_ output: CapturedOutput) {
        self.init(head: output.head, omitted: output.omitted, tail: output.tail)
    }
}
