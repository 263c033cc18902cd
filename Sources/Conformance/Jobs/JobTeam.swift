// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// Runs cases side by side and tells of them in their order, as if they had run one by one; of
/// those that take long last (`TellingOrder`).
///
/// Rules:
/// - Cases are handed out in their order, and so far ahead only that what is done but not yet told
///   stays little.
/// - Whether the run ends early (a failure, launches that fail) is decided in the cases' order:
///   what had been run beyond that case is thrown away, so the report does not depend on how many
///   jobs there are.
/// - An interruption cuts all scenarios short; what was done is told.
final class JobTeam {
    private let setup: JobSetup
    private let setting: WorldSetting
    private var order = TellingOrder()
    private var launchFailures = 0
    private var abandonment: Abandonment?

    /// Cases for each job that are handed out and not yet told of.
    private let mostAhead: Int

    /// `setting` is the main thread's, whose loop knows of signals.
    init(_ setup: JobSetup, setting: WorldSetting, mostAhead: Int = 16) {
        self.setup = setup
        self.setting = setting
        self.mostAhead = mostAhead
    }

    /// Runs all cases and tells `each` in their order, until it returns `false`.
    ///
    /// Returns why the run ended early, where it did. Throws where the system gives us no thread.
    func run(
        _ cases: some Sequence<PlannedCase>, jobs: Int, each: (CaseRun) -> Bool
    ) throws(SystemCallError) -> Abandonment? {
        let board = try CaseBoard(jobs: jobs)
        let news = setting.loop.watch(board.news.descriptor, .readable) { _ in }
        defer { setting.loop.forget(news) }
        let threads = try start(jobs, board)
        var rest = cases.makeIterator()
        var isLast = false
        while true {
            let (new, hasJobs) = try collect(board)
            for run in new { order.keep(run) }
            tell(each, isAll: isLast)
            guard abandonment == nil, hasJobs else { break }
            if !isLast { isLast = handOut(&rest, board, atMost: jobs * mostAhead) }
            if isLast {
                tell(each, isAll: true)
                guard abandonment == nil, !order.isAllTold else { break }
            }
            try wait(board)
        }
        board.stop()
        for thread in threads { thread.join() }
        tellInterrupted(board, each)
        return abandonment
    }

    private func start(_ jobs: Int, _ board: CaseBoard) throws(SystemCallError) -> [WorkerThread] {
        var threads: [WorkerThread] = []
        do throws(SystemCallError) {
            let setup = setup
            for number in 0..<jobs {
                threads.append(try WorkerThread { Job.work(number, board, setup) })
            }
        } catch {
            board.stop()
            throw error
        }
        return threads
    }

    /// Hands out what there is room for; whether that was the last.
    private func handOut(
        _ rest: inout some IteratorProtocol<PlannedCase>, _ board: CaseBoard, atMost most: Int
    ) -> Bool {
        var new: [PlannedCase] = []
        while order.ahead < most {
            guard var planned = rest.next() else {
                board.put(new, isLast: true)
                return true
            }
            order.number(&planned)
            new.append(planned)
        }
        if !new.isEmpty { board.put(new, isLast: false) }
        return false
    }

    private func collect(_ board: CaseBoard) throws(SystemCallError) -> ([CaseRun], hasJobs: Bool) {
        let news = board.collect()
        if let failure = news.failure {
            board.stop()
            throw failure
        }
        return (news.done, news.jobs > 0)
    }

    /// Tells of all that are next in order.
    private func tell(_ each: (CaseRun) -> Bool, isAll: Bool) {
        while abandonment == nil, let run = order.next(isAll: isAll) {
            countLaunchFailures(run)
            if !each(run) { abandonment = abandonment ?? .failedFast }
        }
    }

    private func countLaunchFailures(_ run: CaseRun) {
        switch run.outcome {
        case .skipped, .broken, .late: break
        case .ran:
            launchFailures = 0
            setting.watch.hasSeenServer = true
        case .launchFailed(let failure):
            launchFailures += 1
            guard launchFailures >= Runner.mostLaunchFailures else { return }
            abandonment = .unreachable(
                failure.description, output: failure.output.head + failure.output.tail)
        }
    }

    private func wait(_ board: CaseBoard) throws(SystemCallError) {
        do throws(SystemCallError) {
            try setting.loop.turn(nanoseconds: nil)
        } catch {
            board.stop()
            throw error
        }
        if setting.interruption.isRequested { abandonment = .interrupted }
    }

    /// After an interruption: tells of all that was done, though some between may be missing.
    private func tellInterrupted(_ board: CaseBoard, _ each: (CaseRun) -> Bool) {
        guard abandonment == .interrupted else { return }
        for run in board.collect().done { order.keep(run) }
        for run in order.takeAll() where !each(run) { return }
    }
}
