// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// What all jobs of a run are given.
struct JobSetup: Sendable {
    var line: LaunchLine
    var specs: String
    /// What `{moderator}` stands for.
    var moderator = ""
    var files = LaunchFiles()
    /// Nanoseconds.
    var startLimit: Int64
    var timing: Timing
    var pace: RunPace
    /// What the probe has found out about the server.
    var knowledge: RunKnowledge
    var ports: PortClaims
    var servers = ServerUse.fresh

    /// Which cases of a job share a server.
    enum ServerUse: Sendable {
        /// None.
        case fresh
        /// All but those that need a fresh one, and until a case does not go as planned.
        case sharedWhileWell
    }
}

/// One of several that run scenarios side by side: a thread with a poll loop, a look at the
/// servers' ends and servers of its own.
///
/// Its servers die with the thread that started them, so they are all ended before it returns.
struct Job {
    private let number: Int
    private let board: CaseBoard
    private let setting: WorldSetting
    private let runner: Runner
    /// For cases that need a server that nobody else has used, where the others share one.
    private let freshRunner: Runner?

    /// The whole thread.
    static func work(_ number: Int, _ board: CaseBoard, _ setup: JobSetup) {
        var failure: SystemCallError?
        do throws(SystemCallError) {
            try Job(number, board, setup).work()
        } catch {
            failure = error
        }
        board.leave(failure)
    }

    private init(_ number: Int, _ board: CaseBoard, _ setup: JobSetup) {
        self.number = number
        self.board = board
        let interruption = Interruption()
        let loop = PollLoop()
        let call = board.call(of: number)
        _ = loop.watch(call.descriptor, .readable) { _ in
            call.reset()
            if board.isStopped { interruption.request(.interrupt) }
        }
        setting = WorldSetting(
            loop: loop, watch: TakenWatch(), interruption: interruption, pace: setup.pace,
            ports: setup.ports,
            looksAtOnce: WorldSetting.looksAtOnce(jobs: board.jobCount))
        if setting.looksAtOnce > 0 { TimerSlack.shorten() }
        let setting = setting
        let launcher = ServerLauncher(
            setup.line, specs: setup.specs, moderator: setup.moderator, files: setup.files,
            startLimit: setup.startLimit, setting: setting)
        func runner(_ source: ServerSource) -> Runner {
            Runner(source, timing: setup.timing, setting: setting, knowledge: setup.knowledge)
        }
        self.runner = runner(setup.servers == .fresh ? .fresh(launcher) : .reused(launcher))
        freshRunner = setup.servers == .sharedWhileWell ? runner(.fresh(launcher)) : nil
        self.runner.launchesTwice = setup.servers == .sharedWhileWell
        freshRunner?.launchesTwice = true
    }

    private func work() throws(SystemCallError) {
        defer {
            runner.close()
            freshRunner?.close()
        }
        while true {
            switch board.next(for: number) {
            case .over: return
            case .wait: try setting.loop.turn(nanoseconds: nil)
            case .run(let planned, let following):
                board.deliver(run(planned, following))
            }
        }
    }

    private func run(_ planned: PlannedCase, _ following: Int) -> CaseRun {
        // The other jobs take most of those that follow.
        guard let freshRunner else { return runner.run(planned, following: min(following, 1)) }
        guard !planned.needsFresh else { return freshRunner.run(planned, following: 0) }
        let run = runner.run(planned, following: 0)
        // What a broken case has left behind must not break the next.
        if run.hasBegun, !run.wentAsPlanned { runner.renewServer() }
        return run
    }
}
