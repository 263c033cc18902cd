// SPDX-License-Identifier: Apache-2.0

/// Faults by which who is refused, or has not asked, is somebody else all the same.
enum ChannelsIntruderFault: String, ChannelsLineFault {
    case byName = "register-again-logs-in"
    case byPassword = "failed-login-logs-in"
    case byLine = "obeys-what-strangers-say-for-peers"

    var meaning: FaultMeaning {
        switch self {
        case .byName:
            .init("register.taken", "who is refused a name that is taken speaks under it")
        case .byPassword:
            .init("login.wrong-password", "who is refused a login speaks as that user")
        case .byLine:
            .init("fed.spoofing", "a FEDSAY for a peer's user is told, whoever sends it")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        guard request.user == nil else { return .right }
        switch request.command {
        case .register(let user, _) where self == .byName,
            .login(let user, _) where self == .byPassword:
            let name = request.part(user)
            // Who is tried next may be nobody, which changes nothing.
            if request.server.accounts.find(name) != nil {
                state.names[request.connection] = name
            }
            return .right
        case .say(let channel, let text):
            guard let user = state.names[request.connection] else { return .right }
            let line = ChannelsFaultText.line(
                "RECV".bytes, user, request.part(channel), request.part(text))
            let members = request.channel(channel)?.online.connections ?? []
            return .deliver(line, to: members, answer: [line])
        case .ignored where self == .byLine: return hear(request)
        case .register, .login, .create, .join, .channels, .ignored: return .right
        }
    }

    private func hear(_ request: ChannelsRequest) -> ChannelsReading {
        let server = request.server
        guard server.federation.links[request.connection] == nil,
            case .say(let user, let channel, let text) = ChannelsLinkLine(request.line.span),
            let room = server.directory.find(channel.name)
        else { return .right }
        let guest = ChannelsUser(name: user.name, host: user.host ?? [])
        guard server.directory.isMember(guest, of: room) else { return .right }
        let line = ChannelsFaultText.line("RECV".bytes, guest.shown, channel.name, text)
        return .deliver(line, to: server.directory[room].online.connections, answer: [])
    }
}
