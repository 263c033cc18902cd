// SPDX-License-Identifier: Apache-2.0

/// What is waited for until a certain time.
enum CallbackWait: Hashable, Sendable {
    case connecting(ConnectTicket)
    /// The receipt of the message that is due on this connection b.
    case receipt(ConnectionID)
}
