// SPDX-License-Identifier: Apache-2.0

/// Faults in `REGISTER` and `LOGIN`, and in what needs a login.
enum ChannelsAccountFault: String, ChannelsLineFault {
    case registerSaysOnly = "register-makes-no-account"
    case registerAgain = "register-again-succeeds"
    case registerReplaces = "register-again-changes-the-password"
    case anyUser = "accepts-unknown-users"
    case oneTry = "closes-after-a-failed-login"
    case refusesRetry = "refuses-after-a-failed-login"
    case createFreely = "create-needs-no-login"
    case joinFreely = "join-needs-no-login"
    case sayFreely = "say-needs-no-login"
    case asciiNames = "refuses-names-that-are-not-ascii"

    var meaning: FaultMeaning {
        switch self {
        case .registerSaysOnly: .init("register.ok", "REGISTER is answered 1 and does nothing")
        case .registerAgain:
            .init("register.taken", "REGISTER of a user who is there is answered 1")
        case .registerReplaces:
            .init("register.taken", "REGISTER of a user who is there adds a password")
        case .anyUser: .init("login.unknown-user", "an unknown user is accepted")
        case .oneTry: .init("login.retry", "a failed login closes the connection")
        case .refusesRetry: .init("login.retry", "after a failed login no other succeeds")
        case .createFreely: .init("login.required", "CREATE before the login is answered 1")
        case .joinFreely: .init("login.required", "JOIN before the login is answered 1")
        case .sayFreely: .init("login.required", "SAY before the login is told to the members")
        case .asciiNames: .init("names.unicode", "names that are not ASCII are refused")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        switch request.command {
        case .register(let user, let password):
            return register(request.part(user), request.part(password), request, &state)
        case .login(let user, let password):
            return logIn(request.part(user), request.part(password), request, &state)
        case .create(let channel), .join(let channel):
            return enter(request.part(channel), request)
        case .say(let channel, let text):
            guard self == .sayFreely, request.user == nil else { return .right }
            let name = request.part(channel)
            let line = ChannelsFaultText.line(
                "RECV".bytes, "guest".bytes, name, request.part(text))
            let members = request.channel(channel)?.online.connections ?? []
            return .deliver(line, to: members, answer: [line])
        case .channels, .ignored: return .right
        }
    }

    private func register(
        _ user: [UInt8],
        _ password: [UInt8],
        _ request: ChannelsRequest,
        _ state: inout ChannelsFaultState
    ) -> ChannelsReading {
        let isThere = request.server.accounts.find(user) != nil
        switch self {
        case .registerSaysOnly: return .answer(["RESULT REGISTER 1".bytes])
        case .registerAgain: return isThere ? .answer(["RESULT REGISTER 1".bytes]) : .right
        case .registerReplaces:
            if isThere { state.passwords[user] = password }
            return .right
        case .asciiNames:
            return user.allSatisfy { $0 < 0x80 } ? .right : .answer(["RESULT REGISTER 0".bytes])
        case .anyUser, .oneTry, .refusesRetry, .createFreely, .joinFreely, .sayFreely:
            return .right
        }
    }

    private func logIn(
        _ user: [UInt8],
        _ password: [UInt8],
        _ request: ChannelsRequest,
        _ state: inout ChannelsFaultState
    ) -> ChannelsReading {
        switch self {
        case .anyUser:
            guard request.server.accounts.find(user) == nil else { return .right }
            state.connections.insert(request.connection)
            let register = ChannelsFaultText.line("REGISTER".bytes, user, password)
            return .lines([register, request.line])
        case .refusesRetry:
            let hasFailed = state.connections.contains(request.connection)
            return hasFailed ? .answer(["RESULT LOGIN 0".bytes]) : .right
        case .registerReplaces:
            guard state.passwords[user] == password else { return .right }
            // What is answered does for a login that nothing follows.
            return .answer(["RESULT LOGIN 1".bytes])
        case .registerSaysOnly, .registerAgain, .oneTry, .createFreely, .joinFreely, .sayFreely,
            .asciiNames:
            return .right
        }
    }

    private func enter(_ channel: [UInt8], _ request: ChannelsRequest) -> ChannelsReading {
        let isVisitor = request.user == nil
        switch request.command {
        case .create where self == .createFreely && isVisitor:
            return .answer([ChannelsFaultText.line("RESULT CREATE".bytes, channel, "1".bytes)])
        case .create where self == .asciiNames && !channel.allSatisfy({ $0 < 0x80 }):
            return .answer([ChannelsFaultText.line("RESULT CREATE".bytes, channel, "0".bytes)])
        case .join where self == .joinFreely && isVisitor:
            return .answer([ChannelsFaultText.line("RESULT JOIN".bytes, channel, "1".bytes)])
        case .create, .join, .register, .login, .say, .channels, .ignored:
            return .right
        }
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        switch self {
        case .anyUser where line.bytes == "RESULT REGISTER 1".bytes:
            return state.connections.remove(line.connection) == nil ? [line.bytes] : []
        case .refusesRetry where line.bytes == "RESULT LOGIN 0".bytes:
            state.connections.insert(line.connection)
            return [line.bytes]
        case .registerSaysOnly, .registerAgain, .registerReplaces, .anyUser, .oneTry,
            .refusesRetry, .createFreely, .joinFreely, .sayFreely, .asciiNames:
            return [line.bytes]
        }
    }

    func closes(behind line: [UInt8]) -> Bool {
        self == .oneTry && line == "RESULT LOGIN 0".bytes
    }
}

/// Faults in what passwords come to.
enum ChannelsPasswordFault: String, FaultFamily {
    case anyPassword = "accepts-any-password"
    case refusesSome = "refuses-every-second-login"
    case plainText = "stores-passwords-in-plain-text"

    var meaning: FaultMeaning {
        switch self {
        case .anyPassword: .init("login.wrong-password", "a wrong password is accepted")
        case .refusesSome: .init("login.ok", "only every other right login is accepted")
        case .plainText: .init("password.hashed", "passwords are stored as they are")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = ChannelsServer(ChannelsSettings(configuration))
        return MeddledServer(server, ChannelsPasswordMeddler(fault: self))
    }
}

private struct ChannelsPasswordMeddler: ChannelsMeddler {
    let fault: ChannelsPasswordFault
    var count = 0

    mutating func outcome(
        of work: PasswordWork,
        on server: ChannelsServer
    ) -> PasswordOutcome? {
        switch (fault, work.task) {
        case (.anyPassword, .verify): return .verified(true)
        case (.refusesSome, .verify(let hash)):
            guard hash != nil else { return nil }
            count += 1
            return count.isMultiple(of: 2) ? .verified(false) : nil
        case (.plainText, .hash): return .hashed(work.password)
        case (.plainText, .verify(let hash)): return .verified(hash == work.password)
        case (.anyPassword, .hash), (.refusesSome, .hash): return nil
        }
    }
}
