// SPDX-License-Identifier: Apache-2.0

/// Faults in `CREATE` and `JOIN`, and in what is no command.
enum ChannelsChannelFault: String, ChannelsLineFault {
    case createSaysOnly = "create-makes-no-channel"
    case createAgain = "create-again-succeeds"
    case createEmpties = "create-again-puts-the-members-out"
    case joinNowhere = "join-of-no-channel-succeeds"
    case joinSaysOnly = "join-makes-no-member"
    case oneChannel = "one-channel-at-a-time"
    case listsOthers = "list-leaves-out-what-one-has-joined"
    case unknownCloses = "closes-at-unknown-commands"
    case unknownDeafens = "hears-nothing-after-an-unknown-command"
    case unknownAnswered = "answers-unknown-commands"

    var meaning: FaultMeaning {
        switch self {
        case .createSaysOnly: .init("create.ok", "CREATE is answered 1 and does nothing")
        case .createAgain: .init("create.exists", "CREATE of a channel that is there is answered 1")
        case .createEmpties:
            .init("create.exists", "CREATE of a channel that is there ends its members' talk")
        case .joinNowhere: .init("join.no-such-channel", "JOIN of no channel is answered 1")
        case .joinSaysOnly: .init("join.ok", "JOIN is answered 1 and does nothing")
        case .oneChannel: .init("join.many", "JOIN of a channel leaves the one before")
        case .listsOthers: .init("channels.lists", "channels that one has joined are not listed")
        case .unknownCloses: .init("ignore.unknown", "what is no command closes the connection")
        case .unknownDeafens: .init("ignore.unknown", "after what is no command nothing is heard")
        case .unknownAnswered: .init("ignore.silent", "what is no command is answered")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        if request.isOfPeer { return .right }
        if self == .unknownDeafens, state.connections.contains(request.connection) {
            return .answer([])
        }
        switch request.command {
        case .create(let channel) where request.user != nil:
            return create(request.part(channel), request, &state)
        case .join(let channel) where request.user != nil:
            return join(channel, request, &state)
        case .say(let channel, _): return say(request.part(channel), request, state)
        case .ignored: return ignore(request, &state)
        case .create, .join, .register, .login, .channels: return .right
        }
    }

    private func create(
        _ name: [UInt8],
        _ request: ChannelsRequest,
        _ state: inout ChannelsFaultState
    ) -> ChannelsReading {
        let isThere = request.server.directory.find(name) != nil
        let success = ChannelsFaultText.line("RESULT CREATE".bytes, name, "1".bytes)
        switch self {
        case .createSaysOnly: return .answer([success])
        case .createAgain: return isThere ? .answer([success]) : .right
        case .createEmpties:
            // From now on the members hear nothing of it.
            if isThere { state.pairs.insert([name]) }
            return .right
        case .joinNowhere, .joinSaysOnly, .oneChannel, .listsOthers, .unknownCloses,
            .unknownDeafens, .unknownAnswered:
            return .right
        }
    }

    private func join(
        _ channel: Range<Int>,
        _ request: ChannelsRequest,
        _ state: inout ChannelsFaultState
    ) -> ChannelsReading {
        let name = request.part(channel)
        let success = ChannelsFaultText.line("RESULT JOIN".bytes, name, "1".bytes)
        switch self {
        case .joinNowhere: return request.channel(channel) == nil ? .answer([success]) : .right
        case .joinSaysOnly: return request.channel(channel) == nil ? .right : .answer([success])
        case .oneChannel:
            state.names[request.connection] = name
            return .right
        case .createSaysOnly, .createAgain, .createEmpties, .listsOthers, .unknownCloses,
            .unknownDeafens, .unknownAnswered:
            return .right
        }
    }

    private func say(
        _ channel: [UInt8],
        _ request: ChannelsRequest,
        _ state: ChannelsFaultState
    ) -> ChannelsReading {
        let isOut =
            self == .oneChannel && state.names[request.connection] != nil
            && state.names[request.connection] != channel
        return isOut ? .answer(["RESULT SAY 0".bytes]) : .right
    }

    private func ignore(
        _ request: ChannelsRequest,
        _ state: inout ChannelsFaultState
    ) -> ChannelsReading {
        switch self {
        case .unknownCloses: return .close
        case .unknownDeafens:
            state.connections.insert(request.connection)
            return .answer([])
        case .unknownAnswered: return .answer(["ERROR unknown command".bytes])
        case .createSaysOnly, .createAgain, .createEmpties, .joinNowhere, .joinSaysOnly,
            .oneChannel, .listsOthers:
            return .right
        }
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        if line.isToPeer { return [line.bytes] }
        let words = line.words
        switch self {
        case .createEmpties where line.isRecv && state.pairs.contains([words[2]]): return []
        case .oneChannel where line.isRecv:
            guard let joined = state.names[line.connection] else { return [line.bytes] }
            return joined == words[2] ? [line.bytes] : []
        case .listsOthers where words[1] == "CHANNELS".bytes && !line.isRecv:
            return ["RESULT CHANNELS ".bytes + others(line).joined(separator: ", ".bytes)]
        case .createSaysOnly, .createAgain, .createEmpties, .joinNowhere, .joinSaysOnly,
            .oneChannel, .listsOthers, .unknownCloses, .unknownDeafens, .unknownAnswered:
            return [line.bytes]
        }
    }

    /// The channels that the user of a connection has not joined.
    private func others(_ line: ChannelsLineOut) -> [[UInt8]] {
        let names = line.server.listed.names
        guard let client = line.server.client(line.connection) else { return names }
        let joined = line.server.accounts[client.user].channels
        let joinedNames = Set(joined.map { line.server.directory[$0].name })
        return names.filter { !joinedNames.contains($0) }
    }
}
