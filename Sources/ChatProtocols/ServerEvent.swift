// SPDX-License-Identifier: Apache-2.0

/// What can happen to a server, bytes aside (those come by ``ChatServer/receive(_:from:into:)``).
///
/// For each connection: `connected` first, once; then bytes; then `inputClosed` at most once, after
/// which no bytes come; `closed` last, once, at whatever point the connection ended.
package enum ServerEvent: Equatable, Sendable {
    /// A client has connected.
    case connected(ConnectionID)

    /// The client has closed its sending side (FIN); it can still be answered.
    case inputClosed(ConnectionID)

    /// The connection is gone in both directions: reset, dropped, or closed by an effect.
    ///
    /// The slot may be given to another connection from now on.
    case closed(ConnectionID)
}
