// SPDX-License-Identifier: Apache-2.0

/// Faults in rooms.
enum JSONChatRoomFault: String, JSONChatConductFault {
    case ownRoom = "everyone-starts-alone"
    case notListed = "rooms-lists-the-common-room-only"
    case existingCreated = "create-succeeds-twice"
    case noHistory = "join-without-history"
    case joinMakes = "join-makes-rooms"
    case allHear = "msg-reaches-all-rooms"
    case allNamed = "names-of-all-rooms"
    case leaveStays = "leave-only-says-so"

    var meaning: FaultMeaning {
        switch self {
        case .ownRoom: .init("rooms.default", "each user starts in a room of its own")
        case .notListed: .init("rooms.create", "rooms does not list what was created")
        case .existingCreated: .init("rooms.create", "create of what exists is no error")
        case .noHistory: .init("rooms.join", "join is answered with an empty history")
        case .joinMakes: .init("rooms.join", "join of what does not exist makes it")
        case .allHear: .init("rooms.isolated", "a text reaches the users of all rooms")
        case .allNamed: .init("rooms.isolated", "names lists the users of all rooms")
        case .leaveStays: .init("rooms.leave", "leave is answered, and nobody moves")
        }
    }

    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = server.client(connection) else {
            guard self == .ownRoom, case .login(let name) = request else { return false }
            server.take(request, from: connection, into: &effects)
            if let client = server.client(connection) {
                server.move(client, to: server.rooms.create(name))
            }
            return true
        }
        switch (self, request) {
        case (.notListed, .rooms):
            server.inform(JSONChatRooms.commonName, connection, into: &effects)
        case (.existingCreated, .create(let name)) where server.rooms.find(name) != nil:
            server.inform(JSONChatText.roomCreated(name).bytes, connection, into: &effects)
        case (.noHistory, .join(let name)):
            guard let room = server.rooms.find(name) else { return false }
            server.move(client, to: room)
            server.inform(JSONChatText.joined(name).bytes, connection, into: &effects)
            let empty = JSONChatHistory()
            JSONChatResponse.append(empty, at: server.timestamp, to: &effects.payloads)
            effects.reply(to: connection)
        case (.joinMakes, .join(let name)):
            server.rooms.create(name)
            return false
        case (.allHear, .message(let text)):
            var unheard = EffectBuffer()
            server.say(text, by: client, into: &unheard)
            for user in server.users.values {
                effects.payloads += unheard.payloads
                effects.deliver(to: user)
            }
        case (.allNamed, .names):
            let names = server.users.keys.sorted { $0.lexicographicallyPrecedes($1) }
            server.inform(JSONChatNames.list(names), connection, into: &effects)
        case (.leaveStays, .leave):
            server.inform(JSONChatText.backInCommonRoom.bytes, connection, into: &effects)
        case (_, _): return false
        }
        return true
    }
}
