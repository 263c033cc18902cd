// SPDX-License-Identifier: Apache-2.0

/// Faults in logging in.
enum HelloLoginFault: String, HelloCommandFault {
    case withoutName = "hello-lacks-the-name"
    case acceptsTaken = "accepts-a-taken-name"
    case throwsHolderOut = "throws-the-holder-out"
    case acceptsIllegal = "accepts-illegal-characters"
    case forgetsCaret = "accepts-a-caret"
    case acceptsSpace = "accepts-a-space-inside"
    case acceptsComma = "accepts-a-comma"
    case missingNameIsHeader = "missing-name-is-a-header-error"
    case acceptsEmptyName = "accepts-an-empty-name"
    case refusalCloses = "refused-login-closes"
    case listsForAnyone = "lists-before-login"
    case bodyBeforeLogin = "body-is-looked-at-before-login"
    case ignoresBeforeLogin = "unknown-is-ignored-before-login"

    var meaning: FaultMeaning {
        switch self {
        case .withoutName: .init("login.hello", "HELLO says no name")
        case .acceptsTaken: .init("login.in-use", "a taken name is given once more")
        case .throwsHolderOut: .init("login.in-use", "who asks for a taken name gets it")
        case .acceptsIllegal: .init("login.illegal-characters", "names may have any character")
        case .forgetsCaret: .init("login.illegal-characters", "names may have a ^")
        case .acceptsSpace: .init("login.illegal-characters", "names may have a space inside")
        case .acceptsComma: .init("login.comma", "names may have a comma")
        case .missingNameIsHeader: .init("login.missing-name", "a missing name is a header error")
        case .acceptsEmptyName: .init("login.missing-name", "a user may have no name")
        case .refusalCloses: .init("login.retry", "a refused login closes the connection")
        case .listsForAnyone: .init("login.required", "LIST is answered before the login")
        case .bodyBeforeLogin:
            .init("login.required", "before the login a wrong body is told, not the header")
        case .ignoresBeforeLogin: .init("login.required", "unknown headers get no answer at first")
        }
    }

    func perform(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard request.client == nil else { return false }
        switch request.command {
        case .hello(let range):
            return login(request.part(range), request, on: &server, into: &effects)
        case .helloWithBadName:
            return badName(request, on: &server, into: &effects)
        case .list:
            guard self == .listsForAnyone else { return false }
            HelloMessage.append(list: server.users.names, to: &effects.payloads)
            effects.reply(to: request.connection)
            return true
        case .badBody:
            guard self == .bodyBeforeLogin else { return false }
            server.answer(HelloText.badBody, to: request.connection, into: &effects)
            return true
        case .send:
            return false
        case .unknown:
            return self == .ignoresBeforeLogin
        }
    }

    private func login(
        _ name: [UInt8],
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let connection = request.connection
        let holder = server.users.connection(of: name)
        switch self {
        case .withoutName where holder == nil && !server.users.isFull:
            var unheard = EffectBuffer()
            server.admit(name, connection, into: &unheard)
            effects.payloads.append("HELLO\n")
            effects.reply(to: connection)
            return true
        case .acceptsTaken where holder != nil:
            server.admit(name, connection, into: &effects)
            return true
        case .throwsHolderOut:
            guard let holder else { return false }
            server.logOut(holder)
            server.admit(name, connection, into: &effects)
            return true
        case .refusalCloses where holder != nil || server.users.isFull:
            return refuse(request, on: &server, into: &effects)
        case .withoutName, .acceptsTaken, .acceptsIllegal, .forgetsCaret, .acceptsSpace,
            .acceptsComma, .missingNameIsHeader, .acceptsEmptyName, .refusalCloses,
            .listsForAnyone, .bodyBeforeLogin, .ignoresBeforeLogin:
            return false
        }
    }

    private func badName(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let name = request.body ?? []
        let forgiven = name.filter { !isForgiven($0) }
        switch self {
        case .acceptsIllegal, .forgetsCaret, .acceptsSpace, .acceptsComma:
            guard HelloCommand.isName(forgiven.span), forgiven.count < name.count else {
                return false
            }
            server.admit(name, request.connection, into: &effects)
            return true
        case .missingNameIsHeader:
            guard name.isEmpty else { return false }
            server.answer(HelloText.badHeader, to: request.connection, into: &effects)
            return true
        case .acceptsEmptyName:
            guard name.isEmpty else { return false }
            server.admit([], request.connection, into: &effects)
            return true
        case .refusalCloses:
            return refuse(request, on: &server, into: &effects)
        case .withoutName, .acceptsTaken, .throwsHolderOut, .listsForAnyone, .bodyBeforeLogin,
            .ignoresBeforeLogin:
            return false
        }
    }

    private func isForgiven(_ byte: UInt8) -> Bool {
        switch self {
        case .acceptsIllegal: Array("!@#$%^&*".utf8).contains(byte)
        case .forgetsCaret: byte == UInt8(ascii: "^")
        case .acceptsSpace: byte == UInt8(ascii: " ")
        case .acceptsComma: byte == UInt8(ascii: ",")
        case .withoutName, .acceptsTaken, .throwsHolderOut, .missingNameIsHeader,
            .acceptsEmptyName, .refusalCloses, .listsForAnyone, .bodyBeforeLogin,
            .ignoresBeforeLogin:
            false
        }
    }

    private func refuse(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        server.act(on: request.line.span, from: request.connection, into: &effects)
        server.drain(request.connection, into: &effects)
        return true
    }
}
