// SPDX-License-Identifier: Apache-2.0

package struct ConnectTemplate: Equatable, Sendable {
    /// The address to connect from.
    package var from: Template?
    /// `SO_RCVBUF` of the runner's end, in bytes, with segments to match.
    package var receiveBuffer: Int?
    /// The connection of `protocol.json` that this one is like.
    package var like: String?
    /// The server has ended the connection, which is opened once more as it was.
    package var isAgain = false
}

/// A port of the peer's own, to which the server may connect.
package struct ListenTemplate: Equatable, Sendable {
    package var name: String
    /// The address to listen at; every address of the machine where nothing is said.
    package var from: Template?
    package var kind: PortKind
}

/// What becomes of who connects to a port.
package enum PortKind: String, CaseIterable, Equatable, Sendable {
    /// It is connected, and waits until a step accepts it.
    case listening
    /// It is refused.
    case refusing
    /// It hears nothing at all.
    case swallowing
}

/// Takes a connection that the server has made.
package struct AcceptTemplate: Equatable, Sendable {
    /// What the connection is called from now on.
    package var link: String
    /// The listener, where it is not called like the connection.
    package var listener: String?
    /// The connection of `protocol.json` that this one is like.
    package var like: String?
}
