// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix

/// What all jobs of a run are given.
struct JobSetup: Sendable {
    var line: LaunchLine
    /// Whether a job's server serves all scenarios that it runs.
    var isReused = false
    var specs: String
    /// What `{moderator}` stands for.
    var moderator = ""
    var files = LaunchFiles()
    /// Nanoseconds.
    var startLimit: Int64
    var timing: Timing
    var pace: Pace
    /// What the probe has found out about the server.
    var knowledge: RunKnowledge
    var ports: PortClaims
}

/// One of those that run scenarios side by side, or the only one: a thread with a poll loop, a
/// look at the servers' ends and servers of its own.
///
/// Its servers die with the thread that started them, so they are all ended before it returns.
struct Job {
    private let board: CaseBoard
    private let setting: WorldSetting
    private let runner: Runner

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
            ports: setup.ports)
        let launcher = ServerLauncher(
            setup.line, specs: setup.specs, moderator: setup.moderator, files: setup.files,
            startLimit: setup.startLimit, setting: setting)
        runner = Runner(
            setup.isReused ? .reused(launcher) : .fresh(launcher), timing: setup.timing,
            setting: setting, knowledge: setup.knowledge)
    }

    private func work() throws(SystemCallError) {
        defer { runner.close() }
        while true {
            switch board.next() {
            case .over: return
            case .wait: try setting.loop.turn(nanoseconds: nil)
            case .run(let planned, let following):
                // The other jobs take most of those that follow.
                board.deliver(runner.run(planned, following: min(following, 1)))
            }
        }
    }
}
