// SPDX-License-Identifier: Apache-2.0

/// Faults by which who is refused is somebody else all the same.
enum ChannelsIntruderFault: String, ChannelsLineFault {
    case byName = "register-again-logs-in"
    case byPassword = "failed-login-logs-in"

    var meaning: FaultMeaning {
        switch self {
        case .byName:
            .init("register.taken", "who is refused a name that is taken speaks under it")
        case .byPassword:
            .init("login.wrong-password", "who is refused a login speaks as that user")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        guard request.user == nil else { return .right }
        switch request.command {
        case .register(let user, _) where self == .byName,
            .login(let user, _) where self == .byPassword:
            let name = request.part(user)
            let isThere = request.server.accounts.find(name) != nil
            state.names[request.connection] = isThere ? name : nil
            return .right
        case .say(let channel, let text):
            guard let user = state.names[request.connection] else { return .right }
            let line = ChannelsFaultText.line(
                "RECV".bytes, user, request.part(channel), request.part(text))
            let members = request.channel(channel)?.online.connections ?? []
            return .deliver(line, to: members, answer: [line])
        case .register, .login, .create, .join, .channels, .ignored: return .right
        }
    }
}
