// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

/// Why a connection is closed without further ado.
enum CloseReason {
    /// It has been closed orderly on both sides, or we have waited long enough for the client.
    case finished
    case reset
    case failed(SystemCallError)
    case tooSlow
    case aborted
    case stopping

    var text: String {
        switch self {
        case .finished: "closed"
        case .reset: "reset by the client"
        case .failed(let error): "failed: \(error)"
        case .tooSlow: "dropped: it does not read what others send it"
        case .aborted: "aborted"
        case .stopping: "closed: the server stops"
        }
    }

    var logLevel: Log.Level {
        switch self {
        case .tooSlow, .failed: .warning
        case .finished, .reset, .aborted, .stopping: .info
        }
    }

    /// Whether the client is sent a reset: it must not take for whole what it did not get whole.
    var resets: Bool {
        switch self {
        case .tooSlow, .aborted: true
        case .finished, .reset, .failed, .stopping: false
        }
    }
}

extension EventLoop {
    /// Closes when everything queued has been sent.
    func close(_ connection: Connection) {
        guard connection.phase == .open, !connection.isDoomed else { return }
        let isWaitingAlone = connection.intake == .held && connection.pending.isEmpty
        connection.wasPaused = !connection.asksForInput && !isWaitingAlone
        connection.phase = .flushing
        connection.pending = []
        markDirty(connection)
    }

    /// Ends our direction, now that all is sent, and waits for the client to end its own.
    func endOutput(of connection: Connection) {
        if connection.inputClosed { return doom(connection, .finished) }
        try? connection.socket.shutdownWrite()
        let deadline = MonotonicClock.deadline(after: ServerLimits.linger)
        connection.phase = .lingering(until: deadline, bytesLeft: ServerLimits.lingerBytes)
        if case .stopping = state, !hasInput(connection) { return doom(connection, .stopping) }
        lingering.append(connection)
    }

    /// Marks a connection to be closed before anything else is done.
    func doom(_ connection: Connection, _ reason: CloseReason) {
        guard !connection.isDoomed else { return }
        connection.isDoomed = true
        doomed.append((connection, reason))
    }

    /// Closes who is doomed and tells the machine, which may doom others by what it says.
    func closeDoomed() {
        while let (connection, reason) = doomed.popLast() {
            log.write(reason.logLevel, "\(connection.address) \(reason.text)")
            poller.remove(connection.token)
            connections[connection.token.index] = nil
            connectionCount -= 1
            if connection.isOutgoing { outgoingCount -= 1 }
            connection.forgetOutput()
            if reason.resets { connection.socket.abort() } else { connection.socket.close() }
            server.handle(.closed(connection.id), into: &effects)
            performEffects()
            endRest()
        }
    }

    /// Stops listening, and closes every connection as soon as its queue is empty.
    ///
    /// Who has sent what nobody has read lingers for a while, so that the close does not become a
    /// reset.
    func stop() {
        guard case .serving = state else { return }
        state = .stopping(deadline: MonotonicClock.deadline(after: ServerLimits.shutdown))
        poller.remove(listenerToken)
        listener.close()
        restsUntil = nil
        for ticket in attemptPlaces.keys { cancelConnect(ticket) }
        for connection in connections {
            guard let connection else { continue }
            close(connection)
        }
    }

    /// Whether a client has sent what nobody has read; it is thrown away.
    ///
    /// One that has not is closed without waiting for it: nothing is there to make it a reset.
    private func hasInput(_ connection: Connection) -> Bool {
        connection.wasPaused || readAway(connection)
    }

    var timeToNextDeadline: Int64? {
        var deadlines: [Int64] = []
        if let restsUntil { deadlines.append(restsUntil) }
        if let wakesAt { deadlines.append(wakesAt) }
        if log.isWaiting { deadlines.append(MonotonicClock.deadline(after: ServerLimits.logRetry)) }
        if case .lingering(let until, _)? = lingering.first?.phase { deadlines.append(until) }
        if case .stopping(let deadline) = state { deadlines.append(deadline) }
        return deadlines.min().map { max(0, $0 - MonotonicClock.now) }
    }

    func meetDeadlines() {
        guard restsUntil != nil || !lingering.isEmpty else { return }
        let now = MonotonicClock.now
        if let restsUntil, restsUntil <= now { endRest() }
        while let first = lingering.first, isOver(first, now) {
            lingering.removeFirst()
            doom(first, .finished)
        }
        closeDoomed()
    }

    private func isOver(_ connection: Connection, _ now: Int64) -> Bool {
        guard !connection.isDoomed, case .lingering(let until, _) = connection.phase else {
            return true
        }
        return until <= now
    }
}
