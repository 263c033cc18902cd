// SPDX-License-Identifier: Apache-2.0

import JSONText

/// One client: what is left of its stream, and where its conversation stands.
struct JSONChatSession {
    /// The states of the diagram at the head of `JSONChatServer.swift`.
    enum State: Equatable {
        case visitor
        case user(JSONChatUser)
        case draining
    }

    var reader = JSONReader(keeping: JSONChatRequest.keys)
    var state = State.visitor
    /// Writes that this client has asked for and that are not stored yet.
    var waitingWrites = 0
    /// What the client asked for next, which must wait for them.
    var held: [JSONChatRequest] = []
    /// Whether no bytes will come any more.
    var inputEnded = false
}

/// Who has logged in, and where it is.
struct JSONChatUser: Equatable {
    let name: [UInt8]
    /// Counts up, so that `names` can be told in order of login.
    let loginNumber: UInt64
    var room = JSONChatRooms.common
}

/// A client that is logged in, as its requests see it.
struct JSONChatClient {
    let connection: ConnectionID
    let user: JSONChatUser

    var name: [UInt8] { user.name }
    var room: JSONChatRooms.RoomID { user.room }
}
