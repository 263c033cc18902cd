// SPDX-License-Identifier: Apache-2.0

import Posix

/// What connections can do without being told.
extension ProxyRun {
    /// Has all connections do what they can; how long to wait for anything else.
    func advanceActive() -> Int64? {
        guard !active.isEmpty || restsUntil != nil else { return nil }
        let deadline = MonotonicClock.now + Self.stretch
        while true {
            let now = MonotonicClock.now
            let waits = advanceOnce(now)
            if waits.hasMoved { looks.noteMove() }
            if waits.looks, waits.hasMoved, now < deadline { continue }
            let moment = min(waits.moment, restsUntil ?? .max)
            let pause: Int64? = moment == .max ? nil : max(0, moment - now)
            guard waits.looks else { return pause }
            return min(pause ?? .max, looks.next())
        }
    }

    private func advanceOnce(_ now: Int64) -> ProxyWaits {
        var waits = ProxyWaits()
        let connections = active
        active.removeAll(keepingCapacity: true)
        for connection in connections {
            connection.isActive = false
            waits.merge(advance(connection, now))
        }
        return waits
    }

    private func advance(_ connection: ProxyConnection, _ now: Int64) -> ProxyWaits {
        do throws(SystemCallError) {
            switch connection.state {
            case .over: return ProxyWaits()
            case .connecting(let attempt): return try advance(connection, attempt, now)
            case .relaying(let server, let there, let back):
                let (waits, ending) = try connection.advance(now, buffer)
                note(connection, there, back)
                if let ending {
                    end(connection, ending)
                    return ProxyWaits()
                }
                wish(connection.client, reads: there.wantsInput, writes: back.waitsForRoom)
                wish(server, reads: back.wantsInput, writes: there.waitsForRoom)
                if waits.looks || waits.moment < .max { activate(connection) }
                return waits
            }
        } catch {
            drop(connection, error)
            return ProxyWaits()
        }
    }

    /// Tells the poller what to look for; a side that is gone is looked at otherwise.
    private func wish(_ end: ProxyEnd, reads: Bool, writes: Bool) {
        var interest: Interest = reads ? .readable : []
        if writes { interest.insert(.writable) }
        if interest != end.interest {
            end.interest = interest
            poller.update(end.token, interest)
        }
        if end.isHungUp != end.isPaused {
            end.isPaused = end.isHungUp
            poller.setPaused(end.token, end.isHungUp)
        }
    }
}
