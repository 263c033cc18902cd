// SPDX-License-Identifier: Apache-2.0

import Posix
import Synchronization

/// What the main thread and the jobs tell each other: cases to be run, and what became of them.
///
/// The main thread wakes the jobs and a job wakes the main thread; nobody waits for the lock. A job
/// that has work is left alone: it looks here when it is done with that.
final class CaseBoard: Sendable {
    enum Turn: Sendable {
        case run(PlannedCase, following: Int)
        /// There is none yet; the job is woken when there is.
        case wait
        case over
    }

    private struct State {
        var waiting: [PlannedCase] = []
        var done: [CaseRun] = []
        var isClosed = false
        var isStopped = false
        var jobs: Int
        var failure: SystemCallError?
        /// Jobs that found nothing to do and wait to be called.
        var idle: [Int] = []

        /// Takes as many idle jobs as have something to come for.
        mutating func called() -> ArraySlice<Int> {
            let called = isClosed ? idle[...] : idle.prefix(waiting.count)
            idle.removeFirst(called.count)
            return called
        }
    }

    struct News: Sendable {
        var done: [CaseRun]
        /// How many jobs are left.
        var jobs: Int
        /// Why one of them could not go on: our own failure.
        var failure: SystemCallError?
    }

    private let state: Mutex<State>
    /// Readable for the main thread when something has been done.
    let news: WakeUp
    private let calls: [WakeUp]

    init(jobs: Int) throws(SystemCallError) {
        news = try WakeUp()
        var calls: [WakeUp] = []
        for _ in 0..<jobs { calls.append(try WakeUp()) }
        self.calls = calls
        state = Mutex(State(jobs: jobs))
    }

    /// How many jobs there are at the beginning.
    var jobCount: Int { calls.count }

    /// What the job of this number waits for.
    func call(of job: Int) -> WakeUp { calls[job] }

    // MARK: The main thread's side

    /// Hands cases out, in their order; `isLast` says that no more will come.
    func put(_ cases: [PlannedCase], isLast: Bool) {
        let called = state.withLock { state in
            state.waiting += cases
            state.isClosed = isLast
            return state.called()
        }
        for job in called { calls[job].wake() }
    }

    /// Ends all jobs; the scenarios that they run are cut short.
    func stop() {
        state.withLock { $0.isStopped = true }
        for call in calls { call.wake() }
    }

    /// What has been done since the last time.
    func collect() -> News {
        news.reset()
        return state.withLock { state in
            defer { state.done = [] }
            return News(done: state.done, jobs: state.jobs, failure: state.failure)
        }
    }

    // MARK: The jobs' side

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// What the job of this number does next.
    func next(for job: Int) -> Turn {
        state.withLock { state in
            if state.isStopped { return .over }
            guard !state.waiting.isEmpty else {
                if state.isClosed { return .over }
                // A signal may have woken it before it was called.
                if !state.idle.contains(job) { state.idle.append(job) }
                return .wait
            }
            state.idle.removeAll { $0 == job }
            var planned = state.waiting.removeFirst()
            planned.turn = WallClock.now.sinceEpoch
            return .run(planned, following: state.waiting.count { $0.skipped == nil })
        }
    }

    func deliver(_ run: CaseRun) {
        state.withLock { $0.done.append(run) }
        news.wake()
    }

    /// To be called once by each job, as its last.
    func leave(_ failure: SystemCallError?) {
        state.withLock { state in
            state.jobs -= 1
            state.failure = state.failure ?? failure
        }
        news.wake()
    }
}
