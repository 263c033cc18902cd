// SPDX-License-Identifier: Apache-2.0

/// Faults in moderation.
enum JSONChatModeratorFault: String, JSONChatConductFault {
    case kickSays = "kick-only-says-so"
    case kickBans = "kick-bans"
    case banKicks = "ban-only-kicks"
    case banStays = "ban-leaves-the-connection"
    case removeOldest = "remove-counts-from-the-oldest"
    case removeSilent = "remove-tells-nobody"
    case everyone = "everyone-moderates"
    case silentRefusal = "who-may-not-moderate-gets-no-answer"

    var meaning: FaultMeaning {
        switch self {
        case .kickSays: .init("moderator.kick", "kick is answered, and nobody goes")
        case .kickBans: .init("moderator.kick", "who was kicked cannot log in again")
        case .banKicks: .init("moderator.ban", "who was banned can log in again")
        case .banStays: .init("moderator.ban", "who was banned stays until it goes")
        case .removeOldest: .init("moderator.remove", "1 is the oldest message")
        case .removeSilent: .init("moderator.remove", "only the moderator is told")
        case .everyone: .init("moderator.only", "everyone may kick, ban and remove")
        case .silentRefusal: .init("moderator.only", "who is no moderator gets no answer")
        }
    }

    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = server.client(connection) else { return false }
        guard server.settings.moderators.contains(client.name) else {
            return performForOthers(request, of: client, on: &server, into: &effects)
        }
        switch (self, request) {
        case (.kickSays, .kick(let name)) where server.users[name] != nil:
            server.inform(JSONChatText.kicked(name).bytes, connection, into: &effects)
        case (.kickBans, .kick(let name)):
            server.banned.insert(name)
            return false
        case (.banKicks, .ban(let name)):
            server.take(.kick(name), from: connection, into: &effects)
        case (.banStays, .ban(let name)):
            server.banned.insert(name)
            server.inform(JSONChatText.banned(name).bytes, connection, into: &effects)
        case (.removeOldest, .remove(let number)):
            let count = server.rooms.histories[client.room].count
            guard (1...max(1, count)).contains(number) else { return false }
            server.obey(.remove(count + 1 - number), of: client, into: &effects)
        case (.removeSilent, .remove(let number)):
            guard server.rooms.forget(newest: number, in: client.room) != nil else { return false }
            server.inform(JSONChatText.removed(client.name).bytes, connection, into: &effects)
        case (_, _): return false
        }
        return true
    }

    private func performForOthers(
        _ request: JSONChatRequest,
        of client: JSONChatClient,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch request {
        case .kick, .ban, .remove:
            if self == .everyone { server.obey(request, of: client, into: &effects) }
            return self == .everyone || self == .silentRefusal
        case .login, .logout, .message, .names, .help, .rooms, .create, .join, .leave, .invalid,
            .malformed:
            return false
        }
    }
}
