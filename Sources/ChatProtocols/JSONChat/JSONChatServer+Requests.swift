// SPDX-License-Identifier: Apache-2.0

/// What each request does, built of the small steps at the end of the file.
extension JSONChatServer {
    /// Before login.
    mutating func welcome(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch request {
        case .login(let name): logIn(connection, as: name, into: &effects)
        case .help: help(to: connection, into: &effects)
        case .invalid(let text): refuse(text, to: connection, into: &effects)
        case .malformed(let text): giveUp(connection, text, into: &effects)
        case .logout, .message, .names, .rooms, .create, .join, .leave, .kick, .ban, .remove:
            refuse(.loginFirst, to: connection, into: &effects)
        }
    }

    /// After login.
    mutating func perform(
        _ request: JSONChatRequest,
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        switch request {
        case .login:
            refuse(.loggedInAlready(client.name), to: client.connection, into: &effects)
        case .logout: logOut(client, into: &effects)
        case .message(let text): say(text, by: client, into: &effects)
        case .names:
            inform(JSONChatNames.list(names(in: client.room)), client.connection, into: &effects)
        case .help: help(to: client.connection, into: &effects)
        case .rooms: inform(JSONChatNames.list(rooms.names), client.connection, into: &effects)
        case .create(let name): create(name, by: client, into: &effects)
        case .join(let name): join(name, by: client, into: &effects)
        case .leave: leave(client, into: &effects)
        case .kick, .ban, .remove: moderate(request, by: client, into: &effects)
        case .invalid(let text): refuse(text, to: client.connection, into: &effects)
        case .malformed(let text): giveUp(client.connection, text, into: &effects)
        }
    }

    mutating func logIn(
        _ connection: ConnectionID,
        as name: [UInt8],
        into effects: inout EffectBuffer
    ) {
        if let problem = JSONChatNames.problem(name) ?? reservation(of: name) {
            refuse(problem, to: connection, into: &effects)
            return
        }
        let user = JSONChatUser(name: name, loginNumber: nextLogin())
        sessions.update(connection) { $0.state = .user(user) }
        users[name] = connection
        rooms.enter(user.room, connection)
        inform(JSONChatText.loggedIn(name).bytes, connection, into: &effects)
        tellHistory(of: user.room, to: connection, into: &effects)
    }

    private func reservation(of name: [UInt8]) -> JSONChatText? {
        if banned.contains(name) { return .nameBanned(name) }
        return users[name] == nil ? nil : .nameTaken(name)
    }

    mutating func logOut(_ client: JSONChatClient, into effects: inout EffectBuffer) {
        inform(JSONChatText.loggedOut.bytes, client.connection, into: &effects)
        end(client.connection, into: &effects)
    }

    func help(to connection: ConnectionID, into effects: inout EffectBuffer) {
        let text = JSONChatText.help(withModerators: !settings.moderators.isEmpty)
        inform(text, connection, into: &effects)
    }

    /// Who is in a room, in order of login.
    func names(in room: JSONChatRooms.RoomID) -> [[UInt8]] {
        let members = rooms.members[room].connections.compactMap { client($0)?.user }
        return members.sorted { $0.loginNumber < $1.loginNumber }.map(\.name)
    }

    mutating func join(
        _ name: [UInt8],
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        guard let room = rooms.find(name) else {
            refuse(.noSuchRoom(name), to: client.connection, into: &effects)
            return
        }
        move(client, to: room)
        inform(JSONChatText.joined(name).bytes, client.connection, into: &effects)
        tellHistory(of: room, to: client.connection, into: &effects)
    }

    mutating func leave(_ client: JSONChatClient, into effects: inout EffectBuffer) {
        guard client.room != JSONChatRooms.common else {
            refuse(.inCommonRoom, to: client.connection, into: &effects)
            return
        }
        move(client, to: JSONChatRooms.common)
        inform(JSONChatText.backInCommonRoom.bytes, client.connection, into: &effects)
    }
}

/// The steps.
extension JSONChatServer {
    /// The client that a connection is, once it has logged in.
    func client(_ connection: ConnectionID) -> JSONChatClient? {
        guard case .user(let user) = sessions.read(connection, { $0.state }) else { return nil }
        return JSONChatClient(connection: connection, user: user)
    }

    func inform(
        _ content: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        append(.info, content, to: &effects)
        effects.reply(to: connection)
    }

    func refuse(
        _ text: JSONChatText,
        to connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        append(.error, text.bytes, to: &effects)
        effects.reply(to: connection)
    }

    func tellHistory(
        of room: JSONChatRooms.RoomID,
        to connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let history = rooms.histories[room]
        JSONChatResponse.append(history, at: timestamp, to: &effects.payloads)
        effects.reply(to: connection)
    }

    /// Writes what the server itself says now.
    func append(
        _ kind: JSONChatResponse.Kind,
        _ content: [UInt8],
        to effects: inout EffectBuffer
    ) {
        let server = JSONChatResponse.server
        JSONChatResponse.append(kind, content, by: server, at: timestamp, to: &effects.payloads)
        effects.payloads.append("\n")
    }

    mutating func move(_ client: JSONChatClient, to room: JSONChatRooms.RoomID) {
        rooms.leave(client.room, client.connection)
        rooms.enter(room, client.connection)
        var user = client.user
        user.room = room
        sessions.update(client.connection) { $0.state = .user(user) }
    }

    /// Answers what is no JSON, and ends the session.
    mutating func giveUp(
        _ connection: ConnectionID,
        _ text: JSONChatText,
        into effects: inout EffectBuffer
    ) {
        refuse(text, to: connection, into: &effects)
        end(connection, into: &effects)
    }

    /// Logs the user out, if there is one, and closes the connection when all is sent.
    mutating func end(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        depart(connection)
        sessions.update(connection) { session in
            session = JSONChatSession()
            session.state = .draining
        }
        effects.close(connection)
    }

    /// Takes the user of a connection, if there is one, out of its room and off the names.
    mutating func depart(_ connection: ConnectionID) {
        guard let client = client(connection) else { return }
        rooms.leave(client.room, connection)
        users[client.name] = nil
        sessions.update(connection) { $0.state = .draining }
    }
}
