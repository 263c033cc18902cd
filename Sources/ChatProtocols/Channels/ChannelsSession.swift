// SPDX-License-Identifier: Apache-2.0

/// One client: what is left of its stream, and where its conversation stands.
struct ChannelsSession: Sendable {
    /// The states of the diagram at the head of `ChannelsServer.swift`.
    enum State: Equatable, Sendable {
        case visitor
        case user(ChannelsAccounts.UserID)
        /// Another server.
        case link
        case draining
    }

    /// What the line in hand waits for, and all lines behind it.
    enum Task: Equatable, Sendable {
        case password(PasswordTicket)
        /// The answer of another server, by the number of the request.
        case joining(UInt64)
        /// Who it is that asks to federate.
        case confirming
        /// That the client has taken a long list.
        case listing
    }

    var framer = LineFramer(limit: Limits.channelsLine)
    var state = State.visitor
    var task: Task?
    /// Whether a whole line has come.
    var hasSpoken = false
    /// Writes that this client has asked for and that are not stored yet; some are messages.
    var waitingWrites = 0
    var waitingMessages = 0
    var waitingBytes = 0
    /// The line that was read and must wait for the answer to those before it.
    var held: [UInt8]?
    /// Whether whoever hands on bytes has been asked to hold them.
    var isIntakeHeld = false
    /// Whether nothing that still comes counts.
    var inputEnded = false

    var mustWait: Bool { task != nil || held != nil }

    /// Whether nothing that was asked for is still to be answered.
    var isSettled: Bool { !mustWait && waitingWrites == 0 }

    /// Whether one more message may be stored before the last one is.
    var hasRoomForWrites: Bool {
        waitingWrites < Limits.channelsWaitingWrites && waitingBytes < Limits.channelsWaitingBytes
    }
}

/// A client that is logged in, as its commands see it.
struct ChannelsClient: Sendable {
    let connection: ConnectionID
    let user: ChannelsAccounts.UserID
}
