// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Reports
import Specs

/// What is told at the end, and the exit status.
extension SplitSession {
    func writeCaptures() {
        do throws(FileError) {
            for written in try captures.writeAll(on: setting.loop) {
                scenarios[written.number - 1].capture = written.capture
            }
        } catch {
            console.complain("error: a capture cannot be written: \(error)\n")
            statuses.insert(.internalError)
        }
    }

    func write(_ json: [UInt8]) -> String? {
        do throws(FileError) {
            return try folder.write(json)
        } catch {
            console.complain("error: the report cannot be written: \(error)\n")
            statuses.insert(.internalError)
            return nil
        }
    }

    /// What fails uncut is no matter of cuts; but where nothing could be cut, nothing was shown.
    func status(_ report: Report) -> ProgramStatus {
        switch abandonment {
        case .unreachable: statuses.insert(.unreachable)
        case .interrupted: statuses.insert(.interrupted)
        case .failedFast, nil: break
        }
        let isBroken =
            !splitting.breaks.isEmpty || !splitting.ownBreaks.isEmpty
            || !splitting.failingOwnCuts.isEmpty
        let isOpen =
            !report.hasCut || !splitting.spared.isEmpty || !splitting.unreached.isEmpty
            || !splitting.unverified.isEmpty || !splitting.undecided.isEmpty
        if isBroken || isOpen { statuses.insert(.failed) }
        let status = ProgramStatus.gravest(of: statuses)
        return status == .failed && request.run.exitsZero ? .success : status
    }

    var report: Report {
        splitting.counts = exploration.counts
        switch abandonment {
        case .interrupted: splitting.ending = .interrupted
        case .unreachable: splitting.ending = .unreachable
        case .failedFast, nil: break
        }
        if hasRun, let note = request.run.pace.note(hasSeenServer: setting.watch.hasSeenServer) {
            notes.insert(note)
        }
        if let note = parts.note { notes.insert(note) }
        var report = Report(
            tool: Program.tool, protocolName: loaded.name, suiteHash: loaded.suite.hash,
            seed: request.run.seed, started: started.description,
            duration: MonotonicClock.now - began, server: request.run.serverDescription,
            environment: RunRequest.environment, options: request.run.options,
            notes: notes.sorted(), abandoned: abandonment, scenarios: scenarios,
            coverage: coverage.coverage)
        report.splitting = splitting
        return report
    }
}
