// SPDX-License-Identifier: Apache-2.0

/// What each command does, built of the small steps at the end of the file.
extension PaddedServer {
    mutating func perform(
        _ command: PaddedCommand,
        _ message: Span<UInt8>,
        by client: PaddedClient,
        into effects: inout EffectBuffer
    ) {
        switch command {
        case .blank: break
        case .say: say(message, by: client, into: &effects)
        case .list: list(to: client.connection, into: &effects)
        case .join(let name): join(message.extracting(name), by: client, into: &effects)
        case .create(let name): create(message.extracting(name), by: client, into: &effects)
        case .joinNothing: refuse(.joinNeedsArgument, message, to: client, into: &effects)
        case .createNothing: refuse(.createNeedsArgument, message, to: client, into: &effects)
        case .unknown: refuse(.unknownControl, message, to: client, into: &effects)
        }
    }

    func say(_ text: Span<UInt8>, by client: PaddedClient, into effects: inout EffectBuffer) {
        guard let room = client.room else {
            refuse(.outsideChannel, text, to: client, into: &effects)
            return
        }
        PaddedFrame.append(saidBy: client.name.span, text, to: &effects.payloads)
        effects.deliver(to: rooms.members[room], except: client.connection)
    }

    func list(to connection: ConnectionID, into effects: inout EffectBuffer) {
        PaddedFrame.append(list: rooms.names, to: &effects.payloads)
        effects.reply(to: connection)
    }

    mutating func join(
        _ name: Span<UInt8>,
        by client: PaddedClient,
        into effects: inout EffectBuffer
    ) {
        guard let room = rooms.find(name.bytes) else {
            refuse(.noSuchChannel, name, to: client, into: &effects)
            return
        }
        if room != client.room { move(client, to: room, into: &effects) }
    }

    mutating func create(
        _ name: Span<UInt8>,
        by client: PaddedClient,
        into effects: inout EffectBuffer
    ) {
        guard let room = rooms.create(name.bytes) else {
            refuse(.channelExists, name, to: client, into: &effects)
            return
        }
        move(client, to: room, into: &effects)
    }
}

/// The steps.
extension PaddedServer {
    func refuse(
        _ text: PaddedText,
        _ about: Span<UInt8>,
        to client: PaddedClient,
        into effects: inout EffectBuffer
    ) {
        PaddedFrame.append(text, about, to: &effects.payloads)
        effects.reply(to: client.connection)
    }

    mutating func move(
        _ client: PaddedClient,
        to room: PaddedRooms.RoomID,
        into effects: inout EffectBuffer
    ) {
        if let old = client.room {
            rooms.leave(old, client.connection)
            announce(.left, of: client, in: old, into: &effects)
        }
        announce(.joined, of: client, in: room, into: &effects)
        rooms.enter(room, client.connection)
        sessions.update(client.connection) { $0.state = .inside(name: client.name, room: room) }
    }

    /// Tells everyone in the channel but the client itself.
    func announce(
        _ text: PaddedText,
        of client: PaddedClient,
        in room: PaddedRooms.RoomID,
        into effects: inout EffectBuffer
    ) {
        PaddedFrame.append(text, client.name.span, to: &effects.payloads)
        effects.deliver(to: rooms.members[room], except: client.connection)
    }

    /// Takes a client out of its channel, if it is in one, and tells the others.
    mutating func depart(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard let client = client(connection), let room = client.room else { return }
        rooms.leave(room, connection)
        sessions.update(connection) { $0.state = .outside(name: client.name) }
        announce(.left, of: client, in: room, into: &effects)
    }
}
