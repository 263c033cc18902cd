// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// How directions begin and end.
extension ProxyRun {
    func relay(
        _ connection: ProxyConnection, _ server: ProxyEnd
    ) throws(SystemCallError) {
        try? server.socket.setNoDelay(true)
        let client = connection.client
        let there = try direction(.there, connection.number, from: client, to: server)
        let back = try direction(.back, connection.number, from: server, to: client)
        connection.state = .relaying(server: server, there: there, back: back)
    }

    private func direction(
        _ route: ProxyRoute, _ number: Int, from source: ProxyEnd, to target: ProxyEnd
    ) throws(SystemCallError) -> ProxyDirection {
        let replayed = replay?[number, route]
        let input = RouteInput(
            delay: options[route].delay, injection: replayed?.injection ?? options[route].injection,
            now: MonotonicClock.now)
        let queue = RouteQueue.queue(route, number, options, replayed, isReplay: replay != nil)
        let writer: any StreamWriter
        if let queue {
            writer = CutWriter(
                target.socket, ours: try target.socket.localAddress(), theirs: target.address,
                queue, pace: options.pace, watch: TakenWatch(sharing: watch),
                reading: route == .there ? serverReading : PartReading())
        } else {
            writer = StraightWriter(target.socket)
        }
        return ProxyDirection(
            route, from: source, to: target, writer, input: input, flush: options.flush)
    }

    // MARK: Ending

    /// Something failed on this connection that is no reset, such as a network that is down.
    func drop(_ connection: ProxyConnection, _ error: SystemCallError) {
        if case .over = connection.state { return }
        complain("connection \(connection.number) is reset: \(error)")
        end(connection, .reset)
    }

    /// Closes both sides; `nil` where the proxy itself ends.
    func end(_ connection: ProxyConnection, _ ending: ProxyConnection.Ending?) {
        var ends = [connection.client]
        switch connection.state {
        case .connecting(let attempt): ends.append(attempt.end)
        case .relaying(let server, let there, let back):
            ends.append(server)
            for direction in [there, back] { close(direction, of: connection) }
        case .over: return
        }
        if ending == .reset { tally.resets += 1 }
        connection.state = .over(ending ?? .inOrder)
        open[connection.number] = nil
        for end in ends {
            poller.remove(end.token)
            if ending == .reset { end.socket.abort() } else { end.socket.close() }
        }
        finishLog(of: connection)
        endRest()
    }

    private func close(_ direction: ProxyDirection, of connection: ProxyConnection) {
        let record = direction.takeRecord()
        tally[direction.route] += direction.tally
        keepingLog { log throws(FileError) in
            try log.add(record, direction.route, to: &connection.log)
            if let (kind, offset) = direction.end {
                try log.add(kind, offset, direction.route, to: &connection.log)
            }
        }
    }
}
