// SPDX-License-Identifier: Apache-2.0

/// Faults in what a refusal leaves behind, and in what is refused to many.
enum ChannelsRefusalFault: String, ChannelsLineFault {
    case putsOut = "a-refused-login-puts-the-user-out"
    case keepsStrangers = "keeps-what-strangers-say"
    case listsAsked = "lists-channels-that-were-asked-for"
    case tenMembers = "refuses-the-eleventh-member"
    case thirtyUsers = "refuses-the-31st-user"

    var meaning: FaultMeaning {
        switch self {
        case .putsOut:
            .init("say.delivers", "after a refused LOGIN the user who is logged in hears nothing")
        case .keepsStrangers:
            .init("login.required", "what is said without a login is told to who joins")
        case .listsAsked: .init("channels.lists", "channels that a JOIN was refused for are listed")
        case .tenMembers: .init("join.ok", "a channel has no more than ten members")
        case .thirtyUsers: .init("register.ok", "there are no more than thirty accounts")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        if request.isOfPeer { return .right }
        switch request.command {
        case .login(let user, _):
            if self == .putsOut { state.names[request.connection] = request.part(user) }
            return .right
        case .say(let channel, let text) where self == .keepsStrangers && request.user == nil:
            let line = ChannelsFaultText.line(
                "RECV".bytes, "guest".bytes, request.part(channel), request.part(text))
            state.pairs.insert([request.part(channel), line])
            return .right
        case .join(let channel):
            return join(channel, request, &state)
        case .register:
            let isFull = self == .thirtyUsers && request.server.accounts.accounts.count >= 30
            return isFull ? .answer(["RESULT REGISTER 0".bytes]) : .right
        case .say, .create, .channels, .ignored: return .right
        }
    }

    private func join(
        _ channel: Range<Int>,
        _ request: ChannelsRequest,
        _ state: inout ChannelsFaultState
    ) -> ChannelsReading {
        let name = request.part(channel)
        let room = request.channel(channel)
        if self == .listsAsked, room == nil { state.pairs.insert([name]) }
        let isFull = self == .tenMembers && (room?.users.count ?? 0) >= 10
        guard isFull, request.user != nil else { return .right }
        return .answer([ChannelsFaultText.line("RESULT JOIN".bytes, name, "0".bytes)])
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        if line.isToPeer { return [line.bytes] }
        switch self {
        case .putsOut: return hears(line, &state) ? [line.bytes] : []
        case .keepsStrangers:
            let words = line.words
            guard words.starts(with: ["RESULT".bytes, "JOIN".bytes]), words.last == "1".bytes else {
                return [line.bytes]
            }
            return [line.bytes] + state.pairs.filter { $0[0] == words[2] }.map { $0[1] }
        case .listsAsked:
            guard line.bytes.starts(with: "RESULT CHANNELS ".utf8) else { return [line.bytes] }
            let names =
                line.server.listed.names + state.pairs.map { $0[0] }.sorted { $0.precedes($1) }
            return ["RESULT CHANNELS ".bytes + names.joined(separator: ", ".bytes)]
        case .tenMembers, .thirtyUsers: return [line.bytes]
        }
    }

    /// Whether a line is heard; a refusal deafens who is logged in elsewhere by the name.
    private func hears(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> Bool {
        if line.bytes == "RESULT LOGIN 0".bytes, let name = state.names[line.connection],
            let user = line.server.accounts.find(name),
            let connection = line.server.accounts[user].connection
        {
            state.connections.insert(connection)
        }
        return !line.isRecv || !state.connections.contains(line.connection)
    }
}
