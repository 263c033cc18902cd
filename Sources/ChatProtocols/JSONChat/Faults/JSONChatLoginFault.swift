// SPDX-License-Identifier: Apache-2.0

/// Faults in logging in.
enum JSONChatLoginFault: String, JSONChatConductFault {
    case forgets = "forgets-who-has-logged-in"
    case noInfo = "login-without-info"
    case noHistory = "login-without-history"
    case newestFirst = "history-begins-with-the-newest"
    case underscores = "accepts-underscores"
    case anyCharacter = "accepts-any-name"
    case empty = "accepts-the-empty-name"
    case taken = "accepts-names-in-use"
    case renames = "second-login-renames"
    case namesForAll = "serves-names-before-login"
    case texts = "serves-msg-before-login"

    var meaning: FaultMeaning {
        switch self {
        case .forgets: .init("login.ok", "a login is answered and not remembered")
        case .noInfo: .init("login.info", "a login is answered with the history alone")
        case .noHistory: .init("login.history", "a login is answered with an empty history")
        case .newestFirst:
            .init("login.history-order", "the history begins with the newest message")
        case .underscores: .init("login.illegal-characters", "names may hold - and _")
        case .anyCharacter: .init("login.illegal-characters", "names may hold anything")
        case .empty: .init("login.empty-name", "the empty name is a name")
        case .taken: .init("login.name-taken", "two users may have one name")
        case .renames: .init("login.twice", "who logs in again changes its name")
        case .namesForAll: .init("login.required", "names is served before login")
        case .texts: .init("login.required", "msg is served before login, by a guest")
        }
    }

    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        if let client = server.client(connection) {
            guard case .login(let name) = request, self == .renames else { return false }
            rename(client, to: name, on: &server, into: &effects)
            return true
        }
        switch request {
        case .login(let name):
            return logIn(connection, name, on: &server, into: &effects)
        case .names where self == .namesForAll:
            let names = server.names(in: JSONChatRooms.common)
            server.inform(JSONChatNames.list(names), connection, into: &effects)
            return true
        case .message(let text) where self == .texts:
            let user = JSONChatUser(name: Array("guest".utf8), loginNumber: 0)
            let guest = JSONChatClient(connection: connection, user: user)
            server.say(text, by: guest, into: &effects)
            return true
        case .logout, .message, .names, .help, .rooms, .create, .join, .leave, .kick, .ban,
            .remove, .invalid, .malformed:
            return false
        }
    }

    private func logIn(
        _ connection: ConnectionID,
        _ name: [UInt8],
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        var unheard = EffectBuffer()
        let isTaken = server.users[name] != nil
        switch self {
        case .forgets:
            server.inform(JSONChatText.loggedIn(name).bytes, connection, into: &effects)
            server.tellHistory(of: JSONChatRooms.common, to: connection, into: &effects)
        case .noInfo where JSONChatNames.problem(name) == nil && !isTaken:
            server.logIn(connection, as: name, into: &unheard)
            server.tellHistory(of: JSONChatRooms.common, to: connection, into: &effects)
        case .noHistory where JSONChatNames.problem(name) == nil && !isTaken:
            server.logIn(connection, as: name, into: &unheard)
            server.inform(JSONChatText.loggedIn(name).bytes, connection, into: &effects)
            let empty = JSONChatHistory()
            JSONChatResponse.append(empty, at: server.timestamp, to: &effects.payloads)
            effects.reply(to: connection)
        case .newestFirst where JSONChatNames.problem(name) == nil && !isTaken:
            server.logIn(connection, as: name, into: &unheard)
            server.inform(JSONChatText.loggedIn(name).bytes, connection, into: &effects)
            let reversed = server.rooms.histories[JSONChatRooms.common].reversed
            JSONChatResponse.append(reversed, at: server.timestamp, to: &effects.payloads)
            effects.reply(to: connection)
        case .underscores where name.contains { "-_".utf8.contains($0) },
            .anyCharacter where JSONChatNames.problem(name) == .nameIllegal,
            .empty where name.isEmpty,
            .taken where isTaken:
            enter(connection, name, on: &server, into: &effects)
        case .noInfo, .noHistory, .newestFirst, .underscores, .anyCharacter, .empty, .taken,
            .renames, .namesForAll, .texts:
            return false
        }
        return true
    }

    /// Lets a user in whatever its name is.
    private func enter(
        _ connection: ConnectionID,
        _ name: [UInt8],
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) {
        let user = JSONChatUser(name: name, loginNumber: server.nextLogin())
        server.sessions.update(connection) { $0.state = .user(user) }
        server.users[name] = connection
        server.rooms.enter(user.room, connection)
        server.inform(JSONChatText.loggedIn(name).bytes, connection, into: &effects)
        server.tellHistory(of: user.room, to: connection, into: &effects)
    }

    private func rename(
        _ client: JSONChatClient,
        to name: [UInt8],
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) {
        server.depart(client.connection)
        enter(client.connection, name, on: &server, into: &effects)
    }
}

extension JSONChatHistory {
    /// The same messages, the newest first.
    fileprivate var reversed: JSONChatHistory {
        var source = self
        var history = JSONChatHistory()
        var number: Int64 = 0
        while let message = source.remove(newest: 1) {
            number += 1
            history.insert(Message(number: number, element: message.element))
        }
        return history
    }
}
