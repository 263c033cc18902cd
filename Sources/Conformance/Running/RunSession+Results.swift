// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// What becomes of each case that has run, and with what status the run ends.
extension RunSession {
    /// Judges a case as soon as it has run; `false` ends the run.
    func take(_ run: CaseRun) -> Bool {
        var report = judging.report(run)
        if case .launchFailed = run.outcome { statuses.insert(.unreachable) }
        notes.add(run)
        notes.add(report)
        coverage.add(report.plan, report.judgement, report.transcript)
        statuses.insert(ProgramStatus(of: report.verdict))
        let isKept = results.count(report, run.planned, seed: run.planned.seed ?? request.seed)
        if isKept {
            if request.transcripts == .failures { report.bound(to: budget.share) }
            orderCapture(run, report)
            report.dropWhatPassed(keepingTranscript: request.transcripts == .all)
            budget.spend(on: report)
            results.keep(report)
        }
        keepCaptures { () throws(FileError) in
            try captures.writeSettled(forgettingBefore: run.planned.turn)
        }
        progress.show(report, number: results.count)
        return !(request.failsFast && (report.verdict.isFailure || report.verdict == .error))
    }

    /// A run that has judged nothing is no success, unless there was nothing to judge.
    var hasSkippedAll: Bool {
        !request.mayBeIdle && results.scenarios.allSatisfy { $0.verdict == .skipped }
    }

    private func orderCapture(_ run: CaseRun, _ report: ScenarioReport) {
        guard case .ran(let scenario) = run.outcome, request.capture.isWanted(of: report.verdict)
        else { return }
        captures.order(report, scenario, number: results.count)
    }

    func keepCaptures(_ write: () throws(FileError) -> [CaptureDesk.Written]) {
        do throws(FileError) {
            for written in try write() { results.add(written) }
        } catch {
            if statuses.insert(.internalError).inserted {
                console.complain("error: a capture cannot be written: \(error)\n")
            }
        }
    }

    func status(_ abandonment: Abandonment?) -> ProgramStatus {
        switch abandonment {
        case .unreachable: statuses.insert(.unreachable)
        case .interrupted: statuses.insert(.interrupted)
        case .failedFast: break
        case nil: if hasSkippedAll { statuses.insert(.failed) }
        }
        let status = ProgramStatus.gravest(of: statuses)
        return status == .failed && request.exitsZero ? .success : status
    }
}
