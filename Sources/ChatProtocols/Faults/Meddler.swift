// SPDX-License-Identifier: Apache-2.0

/// What stands between a server that is right and the world, and damages what passes.
///
/// Each function has the right thing as its default; a family of faults has its own for one or two.
protocol Meddler: Sendable {
    associatedtype Server: ChatServer

    /// What the server reads in place of the bytes that came.
    ///
    /// It may act on the server itself, and answer in its place.
    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout Server,
        into effects: inout EffectBuffer
    ) -> [UInt8]

    /// Whether what was read waits, since somebody else holds this client up.
    func isStalled(_ connection: ConnectionID, on server: Server) -> Bool

    /// What the server is told in place of an event.
    mutating func tell(
        _ event: ServerEvent,
        to server: inout Server,
        into effects: inout EffectBuffer
    ) -> [ServerEvent]

    /// What is sent to one connection in place of a payload.
    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout Server,
        into effects: inout EffectBuffer
    ) -> [UInt8]

    /// Whether a record is really stored; the server believes it in any case.
    func keeps(_ write: StoreWrite) -> Bool

    /// What the server is told of a password; `nil` where it is looked at.
    mutating func outcome(of work: PasswordWork, on server: Server) -> PasswordOutcome?
}

extension Meddler {
    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout Server,
        into effects: inout EffectBuffer
    ) -> [UInt8] { bytes }

    func isStalled(_ connection: ConnectionID, on server: Server) -> Bool { false }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout Server,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] { [event] }

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout Server,
        into effects: inout EffectBuffer
    ) -> [UInt8] { payload }

    func keeps(_ write: StoreWrite) -> Bool { true }

    mutating func outcome(of work: PasswordWork, on server: Server) -> PasswordOutcome? { nil }
}
