// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// Why a split run cannot begin.
struct SplitFailure: Error {
    var abandonment: Abandonment
}

/// Where the cases of a split run are run: side by side on servers of the jobs' own, or one after
/// the other on the one that is given.
final class SplitLanes {
    private let request: SplitRequest
    private let setting: WorldSetting
    private let setup: JobSetup?
    /// Runs single cases, each on a fresh server where servers are launched.
    let verifier: Runner

    /// Finds the server, or starts one, and learns which barriers it answers.
    init(_ session: SplitSession) throws(SplitFailure) {
        request = session.request
        setting = session.setting
        let (source, setup) = try Self.source(session)
        verifier = Runner(source, timing: session.request.run.timing, setting: session.setting)
        do throws(LaunchFailure) {
            verifier.launchesTwice = true
            if let plan = ProbePlan.plan(for: session.book.planner) {
                try verifier.probe(plan, cutOff: session.lastEnd)
            }
            if let failure = verifier.slowProbe {
                session.noteLaunch(failure, for: "the first look", isFinal: false)
            }
        } catch {
            if case .interrupted = error.reason {
                throw SplitFailure(abandonment: .interrupted)
            }
            throw SplitFailure(
                abandonment: .unreachable(
                    error.description, output: error.output.head + error.output.tail))
        }
        guard var setup, request.hasServersOfItsOwn else {
            self.setup = nil
            return
        }
        setup.knowledge = verifier.knowledge
        setup.servers = .sharedWhileWell
        self.setup = setup
    }

    func close() { verifier.close() }

    private static func source(
        _ session: SplitSession
    ) throws(SplitFailure) -> (ServerSource, JobSetup?) {
        let run = session.request.run
        switch run.server {
        case .target(let name):
            do throws(Unreachable) {
                return (.target(try Target.find(name, within: run.timeout * run.scale)), nil)
            } catch {
                throw SplitFailure(abandonment: .unreachable(error.description, output: []))
            }
        case .launch(let line, let isReused):
            let setup = JobSetup(
                line: line, specs: session.loaded.specs.path, moderator: run.moderator,
                files: LaunchFiles(accountsOf: session.book.planner), startLimit: run.startLimit,
                timing: run.timing, pace: run.pace, knowledge: RunKnowledge(),
                ports: session.setting.ports)
            let launcher = ServerLauncher(
                line, specs: setup.specs, moderator: setup.moderator, files: setup.files,
                startLimit: setup.startLimit, setting: session.setting)
            return (isReused ? .reused(launcher) : .fresh(launcher), setup)
        }
    }

    /// Runs the cases and tells `each` of them in their order; why it ended early, where it did.
    func run(_ cases: AnySequence<PlannedCase>, each: (CaseRun) -> Bool) -> Abandonment? {
        guard let setup else {
            verifier.run(cases, each: each)
            return verifier.abandonment
        }
        do throws(SystemCallError) {
            // What is handed out is run, so that little may be on its way when time is up.
            let ahead = request.budget == nil ? 16 : 2
            return try JobTeam(setup, setting: setting, mostAhead: ahead)
                .run(cases, jobs: request.run.jobs, each: each)
        } catch {
            return .unreachable(error.description, output: [])
        }
    }
}
