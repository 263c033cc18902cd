// SPDX-License-Identifier: Apache-2.0

/// Faults in seeing clients go.
enum PaddedLeaveFault: String, FaultFamily {
    case silent = "disconnect-is-not-announced"
    case twice = "disconnect-is-announced-twice"
    case unnamed = "unnamed-disconnect-is-announced"
    case midFrame = "mid-frame-disconnect-is-not-announced"

    var meaning: FaultMeaning {
        switch self {
        case .silent: .init("disconnect.announced", "a channel is not told who disconnected")
        case .twice: .init("disconnect.announced", "a channel is told twice who disconnected")
        case .unnamed: .init("disconnect.unnamed", "everyone is told of who was in no channel")
        case .midFrame:
            .init("framing.eof-mid-frame", "who disconnects in mid-frame is not announced")
        }
    }

    func makeServer(_: ServerConfiguration) -> any ChatServer {
        PaddedUnawareServer(fault: self)
    }
}

private struct PaddedUnawareServer: ChatServer {
    let fault: PaddedLeaveFault
    var server = PaddedServer()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        server.receive(bytes, from: connection, into: &effects)
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected, .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password,
            .lookedUp, .sent, .listening:
            break
        case .inputClosed(let connection), .closed(let connection):
            leave(connection, into: &effects)
        }
        server.handle(event, into: &effects)
    }

    private mutating func leave(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        var unheard = EffectBuffer()
        switch fault {
        case .silent:
            server.depart(connection, into: &unheard)
        case .twice:
            guard let client = server.client(connection), let room = client.room else { return }
            server.announce(.left, of: client, in: room, into: &effects)
        case .unnamed:
            announceToAll(connection, into: &effects)
        case .midFrame:
            guard server.sessions[connection]?.framer.isInFrame == true else { return }
            server.depart(connection, into: &unheard)
        }
    }

    private func announceToAll(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard let name = nameOutside(connection) else { return }
        PaddedFrame.append(.left, name.span, to: &effects.payloads)
        effects.deliver(to: server.sessions.connections, except: connection)
    }

    /// The name of a client that is in no channel; blank where it has not given one.
    private func nameOutside(_ connection: ConnectionID) -> [UInt8]? {
        switch server.sessions[connection]?.state {
        case .unnamed: []
        case .outside(let name): name
        case .inside, .draining, nil: nil
        }
    }
}
