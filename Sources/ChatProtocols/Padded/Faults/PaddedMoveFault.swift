// SPDX-License-Identifier: Apache-2.0

/// Faults in going from one channel to another.
enum PaddedMoveFault: String, PaddedCommandFault {
    case createStaysOut = "create-stays-outside"
    case createStaysIn = "create-stays-in-both"
    case createLeavesSilently = "create-leaves-silently"
    case createConfirmed = "create-is-confirmed"
    case createEntersExisting = "create-enters-what-exists"
    case joinStaysOut = "join-stays-outside"
    case joinStaysIn = "join-stays-in-both"
    case joinLeavesSilently = "join-leaves-silently"
    case joinConfirmed = "join-is-confirmed"
    case joinUnannounced = "join-is-not-announced"
    case joinToldToNewcomer = "join-is-told-to-the-newcomer"
    case joinCreates = "join-creates"

    var meaning: FaultMeaning {
        switch self {
        case .createStaysOut: .init("create.joins", "the creator is not put in the channel")
        case .createStaysIn: .init("create.leaves-previous", "the creator stays in the old channel")
        case .createLeavesSilently: .init("create.leave-announced", "the old channel is not told")
        case .createConfirmed: .init("create.silent", "a /create that succeeds is answered")
        case .createEntersExisting: .init("create.exists", "/create of what exists enters it")
        case .joinStaysOut: .init("join.enters", "the newcomer is announced but not put in")
        case .joinStaysIn: .init("join.leaves-previous", "the newcomer stays in the old channel")
        case .joinLeavesSilently: .init("join.leave-announced", "the old channel is not told")
        case .joinConfirmed: .init("create.silent", "a /join that succeeds is answered")
        case .joinUnannounced: .init("join.announced", "the members are not told who joined")
        case .joinToldToNewcomer: .init("join.announced", "the newcomer is told of itself, too")
        case .joinCreates: .init("join.no-such-channel", "/join of no channel makes it")
        }
    }

    private static let created = PaddedText(parts: ["Created ", ""])
    private static let joined = PaddedText(parts: ["Joined ", ""])

    func perform(
        _ request: PaddedRequest,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client else { return false }
        switch request.command {
        case .create(let range):
            return create(request.argument(range), by: client, on: &server, into: &effects)
        case .join(let range):
            return join(request.argument(range), by: client, on: &server, into: &effects)
        case .blank, .say, .list, .joinNothing, .createNothing, .unknown:
            return false
        }
    }

    private func create(
        _ name: [UInt8],
        by client: PaddedClient,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch self {
        case .createEntersExisting:
            guard let room = server.rooms.find(name), room != client.room else { return false }
            server.move(client, to: room, into: &effects)
        case .createStaysOut:
            return server.rooms.create(name) != nil
        case .createStaysIn:
            guard let room = server.rooms.create(name) else { return false }
            moveStaying(client, to: room, on: &server, into: &effects)
        case .createLeavesSilently:
            guard let room = server.rooms.create(name) else { return false }
            moveSilently(client, to: room, on: &server, into: &effects)
        case .createConfirmed:
            guard let room = server.rooms.create(name) else { return false }
            server.move(client, to: room, into: &effects)
            server.refuse(Self.created, name.span, to: client, into: &effects)
        case .joinStaysOut, .joinStaysIn, .joinLeavesSilently, .joinConfirmed, .joinUnannounced,
            .joinToldToNewcomer, .joinCreates:
            return false
        }
        return true
    }

    private func join(
        _ name: [UInt8],
        by client: PaddedClient,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        if self == .joinCreates, let room = server.rooms.create(name) {
            server.move(client, to: room, into: &effects)
            return true
        }
        guard let room = server.rooms.find(name), room != client.room else { return false }
        switch self {
        case .joinStaysOut:
            server.announce(.joined, of: client, in: room, into: &effects)
        case .joinStaysIn:
            moveStaying(client, to: room, on: &server, into: &effects)
        case .joinLeavesSilently:
            moveSilently(client, to: room, on: &server, into: &effects)
        case .joinConfirmed:
            server.move(client, to: room, into: &effects)
            server.refuse(Self.joined, name.span, to: client, into: &effects)
        case .joinUnannounced:
            var unheard = EffectBuffer()
            server.depart(client.connection, into: &effects)
            let outside = PaddedClient(connection: client.connection, name: client.name, room: nil)
            server.move(outside, to: room, into: &unheard)
        case .joinToldToNewcomer:
            server.move(client, to: room, into: &effects)
            server.refuse(.joined, client.name.span, to: client, into: &effects)
        case .createStaysOut, .createStaysIn, .createLeavesSilently, .createConfirmed,
            .createEntersExisting, .joinCreates:
            return false
        }
        return true
    }

    /// Enters a channel and is said to have left the old one, but still hears it.
    private func moveStaying(
        _ client: PaddedClient,
        to room: PaddedRooms.RoomID,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) {
        server.move(client, to: room, into: &effects)
        if let old = client.room { server.rooms.enter(old, client.connection) }
    }

    /// Enters a channel without a word to the old one.
    private func moveSilently(
        _ client: PaddedClient,
        to room: PaddedRooms.RoomID,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) {
        if let old = client.room { server.rooms.leave(old, client.connection) }
        let outside = PaddedClient(connection: client.connection, name: client.name, room: nil)
        server.move(outside, to: room, into: &effects)
    }
}
