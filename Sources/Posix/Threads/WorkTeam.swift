// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Threads that work through a queue, and a wake-up call for who waits for what they make.
///
/// One thread hands work out and takes the results; the team's threads take the work in its order.
/// With one thread the results are in that order, too. Invariant: what was submitted is waiting, in
/// work or done, until it is taken or the team is ended.
package final class WorkTeam<Work: Sendable, Output: Sendable>: Sendable {
    private let desk: Desk<Work, Output>
    private nonisolated(unsafe) var threads: [WorkerThread] = []

    /// Readable from when a result is there until the results are taken, for a `Poller`.
    package var descriptor: Int32 { desk.news.descriptor }

    /// Starts the threads; `limit` is how much work may wait that no thread has taken.
    ///
    /// Background threads have the processors that nobody else wants. `body` must not be formed where it is isolated to the main actor.
    package init(
        threads count: Int,
        limit: Int,
        inBackground: Bool = false,
        _ body: @escaping @Sendable (Work) -> Output
    ) throws(SystemCallError) {
        let desk = Desk<Work, Output>(limit: limit, news: try WakeUp())
        self.desk = desk
        for _ in 0..<max(1, count) {
            threads.append(
                try WorkerThread {
                    // Where it fails they are as urgent as the rest.
                    if inBackground { _ = cshim_lower_priority() }
                    while let work = desk.next() { desk.finish(body(work)) }
                }
            )
        }
    }

    deinit { end() }

    /// Hands out work; `false` where too much is waiting, and it is not done.
    package func submit(_ work: Work) -> Bool { desk.submit(work) }

    /// Takes what has been done since the last time.
    package func takeResults() -> [Output] { desk.takeResults() }

    /// Forgets what no thread has begun, and waits until the threads have ended; twice is as once.
    package func end() {
        desk.close()
        for thread in threads { thread.join() }
        threads = []
    }

    /// Forgets what no thread has begun, and leaves the threads what they are at, however long that
    /// takes.
    package func abandon() {
        desk.close()
        for thread in threads { thread.detach() }
        threads = []
    }
}

/// What a team's threads and its owner share, behind one lock.
private final class Desk<Work: Sendable, Output: Sendable>: @unchecked Sendable {
    let news: WakeUp
    private let limit: Int
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [Work] = []
    /// Where the work begins that no thread has taken.
    private var first = 0
    private var results: [Output] = []
    private var isClosed = false

    init(limit: Int, news: WakeUp) {
        self.limit = limit
        self.news = news
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body()
    }

    func submit(_ work: Work) -> Bool {
        locked {
            guard !isClosed, waiting.count - first < limit else { return false }
            waiting.append(work)
            pthread_cond_signal(change)
            return true
        }
    }

    /// Waits for work; `nil` when there will be none.
    func next() -> Work? {
        locked {
            while first == waiting.count, !isClosed { pthread_cond_wait(change, lock) }
            guard !isClosed else { return nil }
            let work = waiting[first]
            first += 1
            if 2 * first > waiting.count {
                waiting.removeFirst(first)
                first = 0
            }
            return work
        }
    }

    func finish(_ output: Output) {
        locked { results.append(output) }
        news.wake()
    }

    func takeResults() -> [Output] {
        news.reset()
        return locked {
            defer { results = [] }
            return results
        }
    }

    func close() {
        locked {
            isClosed = true
            waiting = []
            first = 0
            pthread_cond_broadcast(change)
        }
    }
}
