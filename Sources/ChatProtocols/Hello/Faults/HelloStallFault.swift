// SPDX-License-Identifier: Apache-2.0

/// Faults in which one client holds up all others.
enum HelloStallFault: String, FaultFamily {
    case anonymousStallsAll = "waits-for-every-login"
    case halfLineStallsAll = "waits-for-every-half-line"

    var meaning: FaultMeaning {
        switch self {
        case .anonymousStallsAll:
            .init("concurrency.silent-peer", "nobody is served while a client is not logged in")
        case .halfLineStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while half a line is pending")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        HelloStallingServer(fault: self, server: HelloServer(configuration))
    }
}

private struct HelloStallingServer: ChatServer {
    let fault: HelloStallFault
    var server: HelloServer
    var connected: Set<ConnectionID> = []
    var deferred: [(connection: ConnectionID, bytes: [UInt8])] = []

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        if isStalled(connection) {
            deferred.append((connection, bytes.bytes))
        } else {
            pass(bytes, from: connection, into: &effects)
            release(into: &effects)
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected(let connection): connected.insert(connection)
        case .inputClosed(let connection), .closed(let connection): connected.remove(connection)
        case .time, .loaded, .stored, .notStored, .connectedOut, .refused: break
        }
        server.handle(event, into: &effects)
        release(into: &effects)
    }

    /// Whether others hold this client up; who holds others up is itself served.
    private func isStalled(_ connection: ConnectionID) -> Bool {
        !holdsUp(connection) && connected.contains { holdsUp($0) }
    }

    private func holdsUp(_ connection: ConnectionID) -> Bool {
        guard let session = server.sessions[connection] else { return false }
        switch fault {
        case .anonymousStallsAll: return session.state == .anonymous
        case .halfLineStallsAll: return session.framer.isInLine
        }
    }

    private mutating func release(into effects: inout EffectBuffer) {
        while let next = deferred.first, !isStalled(next.connection) {
            deferred.removeFirst()
            pass(next.bytes.span, from: next.connection, into: &effects)
        }
    }

    private mutating func pass(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        var taken = 0
        while taken < bytes.count, !effects.isFull {
            let rest = bytes.extracting(droppingFirst: taken)
            taken += server.receive(rest, from: connection, into: &effects)
        }
    }
}
