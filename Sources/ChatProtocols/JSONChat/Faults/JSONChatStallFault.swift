// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Faults in which one client holds others up, or keeps nothing for those to come.
enum JSONChatStallFault: String, FaultFamily {
    case silentStallsAll = "a-silent-visitor-stalls-all"
    case halfStallsAll = "half-an-object-stalls-all"
    case storesNothing = "stores-nothing"

    var meaning: FaultMeaning {
        switch self {
        case .silentStallsAll:
            .init("concurrency.silent-peer", "nobody is served while one has not logged in")
        case .halfStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while one is inside an object")
        case .storesNothing: .init("persist.history", "the database stays empty")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        var settings = JSONChatSettings(configuration)
        guard self != .storesNothing else {
            settings.hasStore = false
            return JSONChatServer(settings)
        }
        return JSONChatStallingServer(fault: self, server: JSONChatServer(settings))
    }
}

private struct JSONChatStallingServer: ChatServer {
    let fault: JSONChatStallFault
    var server: JSONChatServer
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

    private func isStalled(_ connection: ConnectionID) -> Bool {
        !holdsUp(connection) && connected.contains { holdsUp($0) }
    }

    private func holdsUp(_ connection: ConnectionID) -> Bool {
        server.sessions.read(connection) { session in
            switch fault {
            case .silentStallsAll: session.state == .visitor
            case .halfStallsAll: session.reader.isInsideValue
            case .storesNothing: false
            }
        } ?? false
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
        while taken < bytes.count {
            let rest = bytes.extracting(droppingFirst: taken)
            let count = server.receive(rest, from: connection, into: &effects)
            guard count > 0 else { return }
            taken += count
        }
    }
}
