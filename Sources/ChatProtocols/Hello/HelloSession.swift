// SPDX-License-Identifier: Apache-2.0

/// One client: what is left of its stream, and where its conversation stands.
struct HelloSession {
    /// The states of the diagram at the head of `HelloServer.swift`.
    enum State: Equatable {
        case anonymous
        case loggedIn(name: [UInt8])
        case draining
    }

    var framer = LineFramer(limit: Limits.helloLine)
    var state = State.anonymous
}
