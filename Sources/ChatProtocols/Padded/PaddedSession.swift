// SPDX-License-Identifier: Apache-2.0

/// One client: what is left of its stream, and where its conversation stands.
struct PaddedSession {
    /// The states of the diagram at the head of `PaddedServer.swift`.
    enum State: Equatable {
        case unnamed
        case outside(name: [UInt8])
        case inside(name: [UInt8], room: PaddedRooms.RoomID)
        case draining
    }

    var framer = PaddedFramer()
    var state = State.unnamed
}
