// SPDX-License-Identifier: Apache-2.0

/// Faults in what is done for whoever is there, logged in or not.
enum JSONChatTalkFault: String, JSONChatConductFault {
    case helpNeedsLogin = "help-needs-a-login"
    case helpForgets = "help-forgets-logout"
    case helpForgetsOptions = "help-forgets-rooms-and-moderators"
    case notToAuthor = "does-not-echo"
    case onlyToAuthor = "echoes-only"
    case namesWithoutAsker = "names-without-the-asker"
    case namesFirst = "names-the-first-only"
    case logoutKeepsName = "logout-keeps-the-name"
    case logoutStaysOpen = "logout-does-not-close"
    case unknownSilent = "unknown-requests-go-unanswered"
    case unknownSilentLoggedIn = "unknown-requests-of-users-go-unanswered"
    case missingSilent = "what-lacks-a-field-goes-unanswered"
    case errorCloses = "errors-close"

    var meaning: FaultMeaning {
        switch self {
        case .helpNeedsLogin: .init("help.anytime", "help is an error before login")
        case .helpForgets: .init("help.anytime", "the help text does not name logout")
        case .helpForgetsOptions: .init("help.options", "the help text names five requests only")
        case .notToAuthor: .init("msg.broadcast", "who says something does not hear it")
        case .onlyToAuthor: .init("msg.broadcast", "only who says something hears it")
        case .namesWithoutAsker: .init("names.all", "names leaves out who asks")
        case .namesFirst: .init("names.all", "names gives the first name only")
        case .logoutKeepsName: .init("logout.ok", "who has logged out is still named")
        case .logoutStaysOpen: .init("logout.disconnects", "the connection stays after logout")
        case .unknownSilent: .init("error.unknown-request", "visitors get no answer to them")
        case .unknownSilentLoggedIn:
            .init("error.unknown-request-logged-in", "users get no answer to them")
        case .missingSilent: .init("error.missing-field", "there is no answer to them")
        case .errorCloses: .init("error.keeps-session", "an error closes the connection")
        }
    }

    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch request {
        case .help: help(connection, on: &server, into: &effects)
        case .invalid(let text): refuse(text, connection, on: &server, into: &effects)
        case .message(let text): say(text, connection, on: &server, into: &effects)
        case .names: names(connection, on: &server, into: &effects)
        case .logout: logOut(connection, on: &server, into: &effects)
        case .login, .rooms, .create, .join, .leave, .kick, .ban, .remove, .malformed: false
        }
    }

    /// Does not tell the server that a connection has gone whose user has logged out.
    func handle(
        _ event: ServerEvent,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch event {
        case .inputClosed(let connection), .closed(let connection):
            let hasLoggedOut = server.sessions.read(connection) { $0.inputEnded } ?? false
            return self == .logoutKeepsName && hasLoggedOut && server.client(connection) != nil
        case .connected, .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password,
            .lookedUp, .sent, .listening:
            return false
        }
    }

    private func help(
        _ connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch self {
        case .helpNeedsLogin where server.client(connection) == nil:
            server.refuse(.loginFirst, to: connection, into: &effects)
        case .helpForgets:
            server.inform(Array("login, msg, names, help".utf8), connection, into: &effects)
        case .helpForgetsOptions:
            server.inform(Array("login, logout, msg, names, help".utf8), connection, into: &effects)
        case .helpNeedsLogin, .notToAuthor, .onlyToAuthor, .namesWithoutAsker, .namesFirst,
            .logoutKeepsName, .logoutStaysOpen, .unknownSilent, .unknownSilentLoggedIn,
            .missingSilent, .errorCloses:
            return false
        }
        return true
    }

    private func refuse(
        _ text: JSONChatText,
        _ connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let isUnknown = text.bytes.starts(with: "There is no request".utf8)
        let isMissing =
            text == .requestMissing
            || JSONChatVerb.allCases.contains { text == .contentMissing($0) }
        let isUser = server.client(connection) != nil
        switch self {
        case .unknownSilent: return isUnknown && !isUser
        case .unknownSilentLoggedIn: return isUnknown && isUser
        case .missingSilent: return isMissing
        case .errorCloses:
            server.giveUp(connection, text, into: &effects)
            return true
        case .helpNeedsLogin, .helpForgets, .helpForgetsOptions, .notToAuthor, .onlyToAuthor,
            .namesWithoutAsker, .namesFirst, .logoutKeepsName, .logoutStaysOpen:
            return false
        }
    }

    private func say(
        _ text: [UInt8],
        _ connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard self == .notToAuthor || self == .onlyToAuthor else { return false }
        guard let client = server.client(connection) else { return false }
        var unheard = EffectBuffer()
        let others = server.rooms.members[client.room]
        server.say(text, by: client, into: &unheard)
        effects.payloads += unheard.payloads
        if self == .notToAuthor {
            effects.deliver(to: others, except: connection)
        } else {
            effects.deliver(to: connection)
        }
        return true
    }

    private func names(
        _ connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard self == .namesWithoutAsker || self == .namesFirst else { return false }
        guard let client = server.client(connection) else { return false }
        let all = server.names(in: client.room)
        let some = self == .namesFirst ? Array(all.prefix(1)) : all.filter { $0 != client.name }
        server.inform(JSONChatNames.list(some), connection, into: &effects)
        return true
    }

    private func logOut(
        _ connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = server.client(connection) else { return false }
        switch self {
        case .logoutKeepsName:
            // A user whose input has ended and who is still there has logged out: see `handle`.
            server.sessions.update(connection) { $0.inputEnded = true }
            server.inform(JSONChatText.loggedOut.bytes, connection, into: &effects)
            effects.close(connection)
        case .logoutStaysOpen:
            server.inform(JSONChatText.loggedOut.bytes, connection, into: &effects)
            server.depart(client.connection)
            server.sessions.update(connection) { $0.state = .visitor }
        case .helpNeedsLogin, .helpForgets, .helpForgetsOptions, .notToAuthor, .onlyToAuthor,
            .namesWithoutAsker, .namesFirst, .unknownSilent, .unknownSilentLoggedIn,
            .missingSilent, .errorCloses:
            return false
        }
        return true
    }
}
