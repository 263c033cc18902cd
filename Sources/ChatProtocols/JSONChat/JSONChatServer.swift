// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The server of `json`: a chat room in JSON objects that follow each other.
///
/// ```text
///           login             logout, kicked, malformed input, input closed
/// visitor ─────────▶ user ─────────────────────────────────┐
///    │               │  ▲ join, leave: another room         ▼
///    │               └──┘                               draining ── closed ──▶ (forgotten)
///    └──────── malformed input, input closed ──────────────▲
/// ```
///
/// - A value is acted on when its last byte is there; one that is not whole when the input ends is
///   dropped.
/// - Input that is not JSON is answered with an `error`, and the connection closed: where the next
///   value begins nobody knows. JSON that is no request is answered with an `error`, and nothing
///   else happens.
/// - A name is free as soon as its user is draining.
/// - Where there is a store, a change (`JSONChatChange`) happens, is answered and told when it is
///   stored. Meanwhile the client's further messages are taken; anything else it asks for is held,
///   and its input with it, so that answers come in the order of the requests.
/// - `closed` may come in every state.
struct JSONChatServer: ChatServer {
    let settings: JSONChatSettings
    var sessions = ConnectionTable<JSONChatSession>()
    /// Everyone who is logged in.
    var users: [[UInt8]: ConnectionID] = [:]
    var rooms = JSONChatRooms()
    var banned: Set<[UInt8]> = []
    var timestamp = ServerTime.unknown.local.text
    var writes = JSONChatWrites()
    private var lastLogin: UInt64 = 0

    init(_ settings: JSONChatSettings = JSONChatSettings()) {
        self.settings = settings
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        var taken = 0
        while taken < bytes.count, !effects.isFull {
            switch readiness(of: connection) {
            case .reading: break
            case .waiting: return taken
            case .deaf: return bytes.count
            }
            taken += read(bytes.extracting(droppingFirst: taken), from: connection, into: &effects)
        }
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected(let connection):
            sessions[connection] = JSONChatSession()
        case .inputClosed(let connection):
            endInput(of: connection, into: &effects)
        case .closed(let connection):
            depart(connection)
            sessions[connection] = nil
        case .time(let time):
            timestamp = time.local.text
        case .loaded(let load, let row):
            JSONChatStore.load(load, row, into: &self)
        case .stored(let ticket):
            settle(ticket, failure: nil, into: &effects)
        case .notStored(let ticket, let failure):
            settle(ticket, failure: failure, into: &effects)
        case .connectedOut, .refused, .password, .lookedUp, .sent, .listening:
            break  // It connects to nobody, and nobody has a password.
        }
    }

    /// Acts on a whole request, or holds it where it must wait.
    mutating func take(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let mustWait = sessions.read(connection) { session in
            session.waitingWrites > 0 && !(request.isMessage && session.held.isEmpty)
        }
        if mustWait == true {
            sessions.update(connection) { $0.held.append(request) }
        } else {
            act(on: request, from: connection, into: &effects)
        }
    }

    /// Acts on a whole request.
    mutating func act(
        on request: JSONChatRequest,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch sessions.read(connection, { $0.state }) {
        case .visitor: welcome(request, from: connection, into: &effects)
        case .user(let user):
            let client = JSONChatClient(connection: connection, user: user)
            perform(request, by: client, into: &effects)
        case .draining, nil: break
        }
    }

    /// The number of a login; later ones are greater.
    mutating func nextLogin() -> UInt64 {
        lastLogin += 1
        return lastLogin
    }
}

/// Input.
extension JSONChatServer {
    private enum Readiness {
        case reading, waiting, deaf
    }

    private func readiness(of connection: ConnectionID) -> Readiness {
        let readiness = sessions.read(connection) { session -> Readiness in
            if case .draining = session.state { return .deaf }
            return session.held.isEmpty ? .reading : .waiting
        }
        return readiness ?? .deaf
    }

    /// Reads to the end of one value, and acts on it; says how many bytes that took.
    private mutating func read(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        var count = 0
        var result = JSONReaderResult.needMoreBytes
        sessions.update(connection) { (count, result) = $0.reader.read(bytes) }
        return act(on: result, from: connection, into: &effects) ? count : bytes.count
    }

    /// Whether the stream goes on.
    @discardableResult
    private mutating func act(
        on result: JSONReaderResult,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch result {
        case .needMoreBytes:
            return true
        case .value(let node):
            take(JSONChatRequest(node.value), from: connection, into: &effects)
            return true
        case .malformed(let error):
            take(.malformed(.malformed(error)), from: connection, into: &effects)
            return false
        }
    }

    /// Only a number can still become whole when the input ends.
    private mutating func endInput(
        of connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        var result = JSONReaderResult.needMoreBytes
        sessions.update(connection) { session in
            session.inputEnded = true
            session.reader.finish()
            result = session.reader.next()
        }
        if case .value = result { act(on: result, from: connection, into: &effects) }
        endIfSettled(connection, into: &effects)
    }

    /// Ends a session whose input has ended, unless something of it waits to be stored.
    mutating func endIfSettled(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        let isOver = sessions.read(connection) { $0.inputEnded && $0.waitingWrites == 0 } ?? false
        if isOver { end(connection, into: &effects) }
    }
}
