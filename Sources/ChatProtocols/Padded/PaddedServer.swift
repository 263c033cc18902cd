// SPDX-License-Identifier: Apache-2.0

/// The server of `padded`: channels in frames of 200 bytes.
///
/// ```text
///           first frame               /join, /create
/// unnamed ───────────────▶ outside ───────────────────▶ inside ─┐ /join, /create
///    │                        │                         │    ▲──┘ (another channel)
///    └────────────────────────┴─────────────────────────┘
///                             │ input closed: told to the channel
///                             ▼
///                          draining ── closed ──▶ (forgotten)
/// ```
///
/// - A frame is acted on when its 200th byte is there; a frame that is not whole when the input
///   ends is dropped.
/// - The first frame is the name, whatever it holds; names need not differ.
/// - A command that fails changes nothing and tells nobody but its sender.
/// - A client is in one channel at most. Who moves is told to the old channel (`left`) before the
///   new one (`joined`), and gets no answer.
/// - `closed` may come in every state, and means the same to the channel as the end of input.
struct PaddedServer: ChatServer {
    var sessions = ConnectionTable<PaddedSession>()
    var rooms = PaddedRooms()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard var framer = sessions[connection]?.framer else { return bytes.count }
        sessions.update(connection) { $0.framer = PaddedFramer() }
        var taken = 0
        while taken < bytes.count, !effects.isFull {
            taken += framer.take(bytes.extracting(droppingFirst: taken)) { frame in
                let message = frame.extracting(PaddedCommand.message(in: frame))
                act(on: message, from: connection, into: &effects)
            }
        }
        sessions.update(connection) { $0.framer = framer }
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected(let connection):
            sessions[connection] = PaddedSession()
        case .inputClosed(let connection):
            depart(connection, into: &effects)
            sessions.update(connection) { $0 = PaddedSession(state: .draining) }
            effects.close(connection)
        case .closed(let connection):
            depart(connection, into: &effects)
            sessions[connection] = nil
        case .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password, .lookedUp,
            .sent,
            .listening:
            break
        }
    }

    /// Acts on what one whole frame says, its trailing white space gone.
    mutating func act(
        on message: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch sessions[connection]?.state {
        case .unnamed:
            sessions.update(connection) { $0.state = .outside(name: message.bytes) }
        case .outside, .inside:
            guard let client = client(connection) else { return }
            perform(PaddedCommand(message), message, by: client, into: &effects)
        case .draining, nil:
            break
        }
    }

    /// The client that a connection is, once it has given its name.
    func client(_ connection: ConnectionID) -> PaddedClient? {
        switch sessions[connection]?.state {
        case .outside(let name):
            PaddedClient(connection: connection, name: name, room: nil)
        case .inside(let name, let room):
            PaddedClient(connection: connection, name: name, room: room)
        case .unnamed, .draining, nil:
            nil
        }
    }
}
