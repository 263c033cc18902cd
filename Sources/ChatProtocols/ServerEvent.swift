// SPDX-License-Identifier: Apache-2.0

/// What can happen to a server, bytes aside (those come by ``ChatServer/receive(_:from:into:)``).
///
/// Each write that was asked for is answered once, by `stored` or `notStored`, in the order of the
/// asking; each work on a password, once, by `password`; each attempt to connect that is not cancelled, once, by `connectedOut` or `refused`.
/// For each connection: `connected` (or `connectedOut`) first, once; then bytes; then `inputClosed` at most once, after
/// which no bytes come; `closed` last, once, at whatever point the connection ended.
package enum ServerEvent: Equatable, Sendable {
    /// The server listens from now on, at this address in numbers; once, before anyone connects.
    case listening(host: [UInt8], port: UInt16)

    /// A client has connected.
    case connected(ConnectionID)

    /// The client has closed its sending side (FIN); it can still be answered.
    case inputClosed(ConnectionID)

    /// The connection is gone in both directions: reset, dropped, or closed by an effect.
    ///
    /// The slot may be given to another connection from now on.
    case closed(ConnectionID)

    /// What was asked for by ``Effect/connect(_:_:)`` is there: a connection like that
    /// of a client, whose `connected` this is.
    case connectedOut(ConnectTicket, ConnectionID)

    /// Nobody accepts what was asked for by ``Effect/connect(_:_:)``.
    case refused(ConnectTicket)

    /// It is so late now.
    ///
    /// Told to machines of protocols that ask for it (``ChatProtocol/needsTime``), at the beginning
    /// of each turn in which something happens, and when a machine has asked to be woken.
    case time(ServerTime)

    /// A row of the schema's query of that name; only before anyone is connected.
    case loaded(String, row: [StoreValue])

    /// The record is stored for good.
    case stored(StoreTicket)

    /// The record is not stored, nor is any part of it.
    case notStored(StoreTicket, StoreFailure)

    /// What became of work on a password.
    case password(PasswordTicket, PasswordOutcome)

    /// The IPv4 addresses that were asked for by ``Effect/lookUp(_:_:)``, in dotted form; none where
    /// there is none.
    case lookedUp(LookUpTicket, [[UInt8]])

    /// All that was sent to the connection has left, once for each ``Effect/tellWhenSent(_:)`` or for
    /// several of them.
    case sent(ConnectionID)
}
