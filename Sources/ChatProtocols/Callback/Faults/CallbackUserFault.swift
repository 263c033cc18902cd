// SPDX-License-Identifier: Apache-2.0

/// Faults in `/login`, `/list`, `/port` and `/exit`.
enum CallbackUserFault: String, CallbackCommandFault {
    case knowsNobody = "does-not-read-the-users-file"
    case refusesLogin = "refuses-every-second-login"
    case anyPassword = "accepts-any-password"
    case anyUser = "accepts-unknown-users"
    case anyCasePassword = "ignores-the-case-of-passwords"
    case oneTry = "closes-after-a-failed-login"
    case refusesRetry = "refuses-after-a-failed-login"
    case listsOthers = "list-leaves-out-the-asker"
    case listsTwice = "list-names-the-asker-twice"
    case listsAll = "lists-who-is-offline"
    case listsCommas = "list-has-commas"
    case nextPort = "connects-to-the-next-port"
    case ownHost = "connects-to-its-own-host"
    case neverConnects = "confirms-port-without-connecting"
    case exitSilent = "exit-is-not-answered"
    case exitStays = "exit-stays-in-the-list"
    case exitKeepsOpen = "exit-keeps-connections-open"
    case exitKeepsLine = "exit-keeps-connection-b-open"

    var meaning: FaultMeaning {
        switch self {
        case .knowsNobody: .init("launch.arguments", "the users of the file are not known")
        case .refusesLogin: .init("login.ok", "only every other right login is accepted")
        case .anyPassword: .init("login.failed", "a wrong password is accepted")
        case .anyUser: .init("login.failed", "an unknown user is accepted")
        case .anyCasePassword: .init("login.failed", "a password may have other case")
        case .oneTry: .init("login.retry", "a failed login closes the connection")
        case .refusesRetry: .init("login.retry", "after a failed login no other succeeds")
        case .listsOthers: .init("list.online", "the asker is not in the list")
        case .listsTwice: .init("list.online", "the asker is in the list twice")
        case .listsAll: .init("list.online", "the list has all users of the file")
        case .listsCommas: .init("list.online", "commas stand between the names of the list")
        case .nextPort: .init("port.ok", "the port behind the one asked for is connected to")
        case .ownHost:
            .init("port.client-address", "the server's host is connected to, not the client's")
        case .neverConnects: .init("port.ok", "201 is sent and no connection made")
        case .exitSilent: .init("exit.bye", "/exit closes without an answer")
        case .exitStays: .init("exit.bye", "who has said /exit stays in the list")
        case .exitKeepsOpen: .init("exit.closes", "/exit closes nothing")
        case .exitKeepsLine: .init("exit.closes", "/exit leaves the connection b open")
        }
    }

    func perform(
        _ request: CallbackRequest,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch request.command {
        case .login(let user, let password):
            guard request.client == nil else { return false }
            return logIn(
                request.part(user), request.part(password), request.connection, on: &server,
                into: &effects)
        case .list: return request.client.map { list($0, on: server, into: &effects) } ?? false
        case .port(let port):
            guard request.client != nil else { return false }
            return connect(port, request.connection, on: &server, into: &effects)
        case .exit:
            guard request.client != nil else { return false }
            return exit(request.connection, on: &server, into: &effects)
        case .to, .toAll, .unrecognized: return false
        }
    }

    private func logIn(
        _ user: [UInt8],
        _ password: [UInt8],
        _ connection: ConnectionID,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let accounts = server.settings.accounts
        let isRight = accounts.accept(user, password.span)
        let isOnline = server.users.connection(of: user) != nil
        var accepts = isRight
        switch self {
        case .knowsNobody: accepts = false
        case .refusesLogin: accepts = isRight && server.users.names.count.isMultiple(of: 2)
        case .anyPassword: accepts = accounts.passwords[user] != nil
        case .anyUser: accepts = isRight || accounts.passwords[user] == nil
        case .anyCasePassword:
            accepts = accounts.passwords[user].map(lowercased) == lowercased(password)
        case .refusesRetry:
            accepts = isRight && server.sessions[connection]?.line == nil
        case .oneTry, .listsOthers, .listsTwice, .listsAll, .listsCommas, .nextPort,
            .ownHost, .neverConnects, .exitSilent, .exitStays, .exitKeepsOpen, .exitKeepsLine:
            break
        }
        if accepts, !isOnline {
            server.admit(user, connection, into: &effects)
            return true
        }
        server.answer(CallbackText.loginFailed, to: connection, into: &effects)
        if self == .oneTry {
            server.leave(connection, into: &effects)
            effects.close(connection)
        }
        // A connection b that nobody can have: the mark of who has failed.
        if self == .refusesRetry { server.sessions.update(connection) { $0.line = connection } }
        return true
    }

    private func lowercased(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    private func list(
        _ client: CallbackClient,
        on server: CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        var names = server.users.names
        switch self {
        case .listsOthers: names.removeAll { $0 == client.name }
        case .listsTwice: names.append(client.name)
        case .listsAll:
            names = server.settings.accounts.passwords.keys.sorted {
                $0.lexicographicallyPrecedes($1)
            }
        case .listsCommas: names = [Array(names.joined(separator: Array(", ".utf8)))]
        case .knowsNobody, .refusesLogin, .anyPassword, .anyUser, .anyCasePassword, .oneTry,
            .refusesRetry, .nextPort, .ownHost, .neverConnects, .exitSilent, .exitStays,
            .exitKeepsOpen, .exitKeepsLine:
            return false
        }
        CallbackWriting.append(list: names, to: &effects.payloads)
        effects.reply(to: client.connection)
        return true
    }

    private func connect(
        _ port: UInt16,
        _ connection: ConnectionID,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch self {
        case .nextPort, .ownHost:
            let target = ConnectTarget(
                host: self == .ownHost ? .own : .ofClient(connection),
                port: self == .ownHost || port == .max ? port : port + 1
            )
            server.connect(to: target, for: connection, into: &effects)
            return true
        case .neverConnects:
            server.answer(CallbackText.connected, to: connection, into: &effects)
            return true
        case .knowsNobody, .refusesLogin, .anyPassword, .anyUser, .anyCasePassword, .oneTry,
            .refusesRetry, .listsOthers, .listsTwice, .listsAll, .listsCommas, .exitSilent,
            .exitStays, .exitKeepsOpen, .exitKeepsLine:
            return false
        }
    }

    private func exit(
        _ connection: ConnectionID,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch self {
        case .exitSilent:
            server.leave(connection, into: &effects)
            effects.close(connection)
        case .exitStays:
            server.answer(CallbackText.bye, to: connection, into: &effects)
            server.sessions.update(connection) { $0.state = .leaving }
            effects.close(connection)
        case .exitKeepsOpen, .exitKeepsLine:
            server.answer(CallbackText.bye, to: connection, into: &effects)
            server.sessions.update(connection) { $0.line = nil }
            server.leave(connection, into: &effects)
            if self == .exitKeepsLine { effects.close(connection) }
        case .knowsNobody, .refusesLogin, .anyPassword, .anyUser, .anyCasePassword, .oneTry,
            .refusesRetry, .listsOthers, .listsTwice, .listsAll, .listsCommas,
            .nextPort, .ownHost, .neverConnects:
            return false
        }
        return true
    }
}
