// SPDX-License-Identifier: Apache-2.0

import Posix

/// One turn: writers do what they can, readers read, and now and then the clock is looked at.
extension StressRun {
    func turn() throws(SystemCallError) {
        let count = try ask(try pumpAll())
        if count > 0 { backoff.reset() }
        for index in 0..<count {
            let ready = poller.ready(index)
            switch owners[ready.token.index] {
            case .nobody: break
            case .connection(let connection): try serve(connection, ready)
            case .listener: try acceptCallback()
            case .signals: isInterrupted = true
            }
        }
        if isInterrupted { return interrupt() }
        try refillDirty()
        let now = MonotonicClock.now
        if now >= nextTick {
            nextTick = now + Self.tick
            try tick(now)
        }
    }

    /// How many connections have something for us, at the latest after so long.
    ///
    /// Asking costs as much as all connections together. While segments follow each other, which
    /// takes less, half of the time at most goes into that.
    private func ask(_ wait: Int64) throws(SystemCallError) -> Int {
        let before = MonotonicClock.now
        guard wait > 0 || before >= nextAsking else { return 0 }
        let count = try poller.wait(nanoseconds: wait)
        let after = MonotonicClock.now
        nextAsking = wait > 0 ? after : after + min(after - before, Self.longestDeafness)
        return count
    }

    /// Has all writers do what they can; how long to wait for anything else.
    private func pumpAll() throws(SystemCallError) -> Int64 {
        var wait = max(0, nextTick - MonotonicClock.now)
        guard !active.isEmpty else { return wait }
        let indexes = active
        active.removeAll(keepingCapacity: true)
        var hasToLook = false
        for index in indexes {
            connections[index].isActive = false
            switch try pump(index) {
            case .nothing, .room, .reset: break
            case .look: hasToLook = true
            case .time(let moment): wait = min(wait, max(0, moment - MonotonicClock.now))
            }
        }
        return hasToLook ? min(wait, backoff.next()) : wait
    }

    /// Has one writer do what it can.
    @discardableResult
    func pump(_ index: Int) throws(SystemCallError) -> CutWriter.Need {
        let connection = connections[index]
        guard !connection.hasEnded else { return .nothing }
        let segments = connection.writer.tally.segments
        let need = try connection.writer.advance()
        if connection.writer.tally.segments > segments { backoff.found() }
        if connection.writer.hasLeft, !connection.isCallback {
            talk.windows.departed(connection.client, at: connection.writer.lastDeparture)
        }
        setWaitsForRoom(connection, need == .room)
        switch need {
        case .nothing: break
        case .reset: disconnected(connection)
        case .room: activate(index)
        case .look, .time:
            // Looks at a thousand servers' ends that nobody needs would be most of the work.
            if connection.writer.owesNothing { return .nothing }
            activate(index)
        }
        return need
    }

    func activate(_ index: Int) {
        guard !connections[index].isActive else { return }
        connections[index].isActive = true
        active.append(index)
    }

    func setWaitsForRoom(_ connection: StressConnection, _ waits: Bool) {
        guard connection.waitsForRoom != waits, !connection.hasEnded else { return }
        connection.waitsForRoom = waits
        poller.update(connection.token, waits ? [.readable, .writable] : .readable)
    }

    private func serve(_ index: Int, _ ready: Readiness) throws(SystemCallError) {
        let connection = connections[index]
        if ready.isWritable, connection.waitsForRoom, !connection.outgoing.isEmpty {
            try flush(connection)
        }
        if ready.isReadable { try receive(index) }
    }

    private func tick(_ now: Int64) throws(SystemCallError) {
        if now >= nextReport {
            nextReport = now + Self.reportPause
            report(progress(now))
        }
        switch phase {
        case .entering(let client, _, let since):
            if now - since > options.timeout { fail(.noAnswer(client: client)) }
        case .talking: try tickTalking(now)
        case .probing(let since): tickProbing(now, since)
        case .settling(let since): try tickSettling(now, since)
        case .parting(let since): tickParting(now, since)
        case .over, .failed: break
        }
    }
}
