// SPDX-License-Identifier: Apache-2.0

import Posix

/// What a turn begins with: which descriptors are ready.
extension EventLoop {
    /// Looks, or waits for something to do; how many descriptors are ready.
    func readyCount() throws(SystemCallError) -> Int {
        if hasWork { return try poller.pollNow() }
        if let patience = front.patience(among: poller.count, now: MonotonicClock.now) {
            let count = try poller.wait(
                inFront: BusyFront.size, nanoseconds: min(patience, timeToNextDeadline ?? .max))
            front.noteFront(ready: count)
            if count > 0 { return count }
        } else if looks.isDue() {
            let count = try poller.pollNow()
            looks.note(foundSomething: count > 0)
            if count > 0 { return noteAll(ready: count) }
        }
        return noteAll(ready: try poller.wait(nanoseconds: timeToNextDeadline))
    }

    private func noteAll(ready: Int) -> Int {
        front.noteAll(ready: ready, of: poller.count, now: MonotonicClock.now)
        return ready
    }

    /// Puts what is served into the front; where many are ready, and most stand about where they
    /// were found, these do not move.
    func bringForward(_ token: Poller.Token, place: Int = 0) {
        let position = poller.position(of: token)
        guard front.fewWereReady || position >= place + BusyFront.size else { return }
        poller.enterFront(token, of: BusyFront.size)
    }

    /// Whether a turn has something to do, whatever the sockets say.
    var hasWork: Bool {
        !resuming.isEmpty || !failedAttempts.isEmpty || !refusedPasswords.isEmpty || !found.isEmpty
            || !sent.isEmpty || !waitingForShare.isEmpty || store?.hasWrites == true
    }
}
