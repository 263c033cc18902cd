// SPDX-License-Identifier: Apache-2.0

/// Faults in seeing users go.
enum CallbackLeaveFault: String, FaultFamily {
    case keepsName = "keeps-the-names-of-who-left"
    case missesReset = "does-not-notice-resets"
    case missesEnd = "does-not-notice-the-end-of-input"
    case keepsLine = "keeps-connection-b-of-who-left"

    var meaning: FaultMeaning {
        switch self {
        case .keepsName: .init("disconnect.cleans-up", "who has left stays online")
        case .missesReset: .init("disconnect.cleans-up", "who is reset stays online")
        case .missesEnd: .init("disconnect.cleans-up", "who closes its side stays online")
        case .keepsLine: .init("disconnect.closes-b", "the connection b of who left stays open")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        CallbackUnawareServer(fault: self, server: CallbackServer(configuration))
    }
}

private struct CallbackUnawareServer: ChatServer {
    let fault: CallbackLeaveFault
    var server: CallbackServer

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        server.receive(bytes, from: connection, into: &effects)
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .inputClosed(let connection):
            if !misses(connection, isReset: false) { server.handle(event, into: &effects) }
        case .closed(let connection):
            if !misses(connection, isReset: true) { server.handle(event, into: &effects) }
        case .connected, .connectedOut, .refused, .time, .loaded, .stored, .notStored, .password,
            .lookedUp, .sent, .listening:
            server.handle(event, into: &effects)
        }
    }

    /// Whether nothing more is to be done about the end of a connection.
    private mutating func misses(_ connection: ConnectionID, isReset: Bool) -> Bool {
        guard server.client(connection) != nil else { return false }
        switch fault {
        case .keepsName:
            // Leaves no trace that the name could be found by and freed.
            server.sessions.update(connection) { $0.state = .visitor }
            return false
        case .missesReset: return isReset
        case .missesEnd: return true
        case .keepsLine:
            server.sessions.update(connection) { $0.line = nil }
            return false
        }
    }
}
