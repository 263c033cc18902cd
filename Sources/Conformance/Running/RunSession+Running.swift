// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix

/// Where the servers come from, and how the cases are run on them: here or side by side.
extension RunSession {
    /// Runs all cases, and says why not all have run where that is so.
    func runCases() -> Abandonment? {
        let source: ServerSource
        do throws(Unreachable) {
            source = try self.source()
        } catch {
            return .unreachable(error.description, output: [])
        }
        if request.capture != .none { captures.open(source) }
        let runner = Runner(source, timing: request.timing, setting: setting)
        defer { runner.close() }
        do throws(LaunchFailure) {
            if let plan = ProbePlan.plan(for: selection.planner) { try runner.probe(plan) }
        } catch {
            if case .interrupted = error.reason { return .interrupted }
            return .unreachable(error.description, output: error.output.head + error.output.tail)
        }
        notes.add(runner.knowledge, probeEnd: runner.probeEnd)
        captures.begin(on: setting.loop)
        // With one job alone a thread of its own would only compete with the server.
        if case .fresh(let launcher) = source, request.jobs > 1 {
            runner.close()
            return runSideBySide(launcher.line, runner.knowledge)
        }
        TimerSlack.shorten()
        for rounds in roundsTogether {
            runner.run(selection.cases(rounds: rounds)) { take($0) }
            if let abandonment = runner.abandonment { return abandonment }
            if endsHere { break }
        }
        return nil
    }

    /// Rounds between which nothing has to be decided.
    private var roundsTogether: [Range<Int>] {
        let all = 0..<request.rounds
        return request.endsAtFailedRound ? all.map { $0..<$0 + 1 } : [all]
    }

    private var endsHere: Bool { request.endsAtFailedRound && results.failedRound != nil }

    private func runSideBySide(
        _ line: LaunchLine, _ knowledge: RunKnowledge
    ) -> Abandonment? {
        let setup = JobSetup(
            line: line, specs: loaded.specs.path, moderator: request.moderator, files: files,
            startLimit: request.startLimit, timing: request.timing, pace: request.pace,
            knowledge: knowledge, ports: setting.ports)
        for rounds in roundsTogether {
            if let abandonment = runSideBySide(rounds, setup) { return abandonment }
            if endsHere || statuses.contains(.internalError) { break }
        }
        return nil
    }

    private func runSideBySide(_ rounds: Range<Int>, _ setup: JobSetup) -> Abandonment? {
        let team = JobTeam(setup, setting: setting)
        do throws(SystemCallError) {
            return try team.run(
                selection.cases(rounds: rounds),
                jobs: min(request.jobs, selection.count * rounds.count)
            ) { take($0) }
        } catch {
            console.complain("error: \(error)\n")
            statuses.insert(.internalError)
            return nil
        }
    }

    /// What launched servers are told in files.
    private var files: LaunchFiles {
        LaunchFiles(accountsOf: selection.planner)
    }

    private func source() throws(Unreachable) -> ServerSource {
        switch request.server {
        case .target(let name):
            return .target(try Target.find(name, within: request.timeout * request.scale))
        case .launch(let line, let isReused):
            let launcher = ServerLauncher(
                line, specs: loaded.specs.path, moderator: request.moderator, files: files,
                startLimit: request.startLimit, setting: setting)
            return isReused ? .reused(launcher) : .fresh(launcher)
        }
    }
}
