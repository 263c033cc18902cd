// SPDX-License-Identifier: Apache-2.0

/// The server of `hello`: users who send each other lines.
///
/// ```text
///              HELLO-FROM, name free, place free
/// anonymous ─────────────────────────────────────▶ logged in
///     │                                                │
///     └──────────────────────┬─────────────────────────┘
///                            │ input closed, or a line that is too long: logged out
///                            ▼
///                         draining ── closed ──▶ (forgotten)
/// ```
///
/// - A line is acted on when its `\n` is there; one that is not whole when the input ends is dropped.
/// - Before the login nothing but `HELLO-FROM` is understood, and after it everything but that.
/// - A refused login leaves the client where it was; it may try again.
/// - A name that is taken is told before a server that is full.
/// - A delivery is written before its sender's `SEND-OK`.
/// - Who is drained, or gone, is nobody any more: the name and the place are free at once.
struct HelloServer: ChatServer {
    var sessions = ConnectionTable<HelloSession>()
    var users: HelloUsers

    init(capacity: Int = Limits.helloUsers) {
        users = HelloUsers(capacity: capacity)
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard var framer = sessions[connection]?.framer else { return bytes.count }
        sessions.update(connection) { $0.framer = LineFramer(limit: Limits.helloLine) }
        var taken = 0
        while taken < bytes.count, !effects.isFull {
            if sessions[connection]?.state == .draining { return bytes.count }
            taken += framer.take(bytes.extracting(droppingFirst: taken)) { piece, line in
                switch piece {
                case .line: act(on: line, from: connection, into: &effects)
                case .tooLong: refuseLongLine(from: connection, into: &effects)
                }
            }
        }
        sessions.update(connection) { $0.framer = framer }
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected(let connection):
            sessions[connection] = HelloSession()
        case .inputClosed(let connection):
            drain(connection, into: &effects)
        case .closed(let connection):
            logOut(connection)
            sessions[connection] = nil
        case .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password,
            .lookedUp, .sent, .listening:
            break  // It keeps nothing, and nothing of it takes time.
        }
    }

    /// Acts on what one whole line says.
    mutating func act(
        on line: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch sessions[connection]?.state {
        case .anonymous:
            logIn(HelloCommand(line), line, connection, into: &effects)
        case .loggedIn(let name):
            let client = HelloClient(connection: connection, name: name)
            perform(HelloCommand(line), line, by: client, into: &effects)
        case .draining, nil:
            break
        }
    }

    /// The user that a connection is, once it is logged in.
    func client(_ connection: ConnectionID) -> HelloClient? {
        guard case .loggedIn(let name) = sessions[connection]?.state else { return nil }
        return HelloClient(connection: connection, name: name)
    }
}
