// SPDX-License-Identifier: Apache-2.0

/// What each command does, built of the small steps at the end of the file.
extension ChannelsServer {
    mutating func perform(
        _ command: ChannelsCommand,
        _ line: Span<UInt8>,
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch command {
        case .register(let user, let password):
            let name: [UInt8] = line.extracting(user).bytes
            register(name, line.extracting(password).bytes, connection, into: &effects)
        case .login(let user, let password):
            let name: [UInt8] = line.extracting(user).bytes
            logIn(name, line.extracting(password).bytes, connection, into: &effects)
        case .create(let channel):
            create(line.extracting(channel).bytes, connection, into: &effects)
        case .join(let channel):
            join(line.extracting(channel).bytes, connection, into: &effects)
        case .say(let channel, let text):
            let channel: [UInt8] = line.extracting(channel).bytes
            say(line.extracting(text).bytes, in: channel, connection, into: &effects)
        case .channels:
            tellList(to: connection, into: &effects)
        case .ignored:
            logStray(line, connection, into: &effects)
        }
    }

    private mutating func create(
        _ name: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard client(connection) != nil, ChannelsNames.isChannel(name), directory.reserve(name)
        else { return answer(.create(name), false, to: connection, into: &effects) }
        make(.channel(name), for: connection, answer: .client(.create(name)), into: &effects)
    }

    private mutating func join(
        _ name: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        if let client = client(connection), let channel = awayChannel(name) {
            return join(channel, written: name, by: client, into: &effects)
        }
        guard let client = client(connection), let channel = ownChannel(name),
            !directory.isMember(client.user, of: channel), directory.reserveMembership()
        else { return answer(.join(name), false, to: connection, into: &effects) }
        let change = ChannelsChange.membership(client.user, channel)
        make(change, for: connection, answer: .client(.join(name)), into: &effects)
    }

    private mutating func say(
        _ text: [UInt8],
        in name: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        if let client = client(connection), let channel = awayChannel(name) {
            return say(text, in: channel, by: client, into: &effects)
        }
        guard let client = client(connection), let channel = ownChannel(name),
            directory.isMember(client.user, of: channel)
        else { return answer(.say, false, to: connection, into: &effects) }
        let sender = ChannelsUser(name: accounts[client.user].name)
        let message = newMessage(text, in: channel, by: sender)
        make(.message(message), for: connection, answer: .client(.say), into: &effects)
    }
}

/// The steps.
extension ChannelsServer {
    /// The client that a connection is, once it has logged in.
    func client(_ connection: ConnectionID) -> ChannelsClient? {
        guard case .user(let user) = sessions.read(connection, { $0.state }) else { return nil }
        return ChannelsClient(connection: connection, user: user)
    }

    /// The channel of this server that a client means.
    func ownChannel(_ name: [UInt8]) -> ChannelsDirectory.ChannelID? {
        guard let channel = ChannelsAwayChannel(name) else { return directory.find(name) }
        return isOwn(channel) ? directory.find(channel.name) : nil
    }

    /// The channel of another server that a client means.
    private func awayChannel(_ name: [UInt8]) -> ChannelsAwayChannel? {
        ChannelsAwayChannel(name).flatMap { isOwn($0) ? nil : $0 }
    }

    private func isOwn(_ channel: ChannelsAwayChannel) -> Bool {
        !channel.host.isEmpty && channel.host == federation.ownName
    }

    func answer(
        _ kind: ChannelsReply.Kind,
        _ isDone: Bool,
        to connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        ChannelsReply.append(result: kind, isDone, to: &effects.payloads)
        effects.reply(to: connection)
    }

    mutating func makeChannel(_ name: [UInt8]) {
        directory.create(name)
        listed.insert(name)
    }

    /// Makes a user a member, whose place is taken; messages come where it is logged in.
    ///
    /// One who has asked, left, come back and asked again before it was stored is a member already.
    mutating func join(_ user: ChannelsAccounts.UserID, _ channel: ChannelsDirectory.ChannelID) {
        guard !directory.isMember(user, of: channel) else { return directory.releaseMembership() }
        directory.join(user, channel)
        accounts.join(user, channel)
        if let connection = accounts[user].connection { directory.enter(channel, connection) }
    }

    /// Takes note of a membership that is stored.
    mutating func loadMember(_ user: ChannelsUser, of channel: [UInt8], at host: [UInt8]) {
        if host.isEmpty, !user.host.isEmpty {
            guard let channel = directory.find(channel), directory.reserveGuest(of: user.host)
            else { return }
            return enter(user, channel, on: nil)
        }
        guard user.host.isEmpty, let user = accounts.find(user.name),
            directory.reserveMembership()
        else { return }
        if !host.isEmpty { return enter(user, ChannelsAwayChannel(name: channel, host: host)) }
        guard let channel = directory.find(channel) else { return directory.releaseMembership() }
        join(user, channel)
    }

    mutating func newMessage(
        _ text: [UInt8],
        in channel: ChannelsDirectory.ChannelID,
        by sender: ChannelsUser
    ) -> ChannelsMessage {
        writes.lastMessage += 1
        return ChannelsMessage(
            number: writes.lastMessage, channel: channel, sender: sender, text: text)
    }

    /// Tells a message to the channel's members; the sender's own copy answers its request.
    func tell(
        _ message: ChannelsMessage,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let online = directory[message.channel].online
        append(message, to: &effects)
        effects.deliver(to: online, except: connection)
        guard online.place(of: connection) != nil else { return }
        append(message, to: &effects)
        effects.reply(to: connection)
    }

    func tellHistory(
        of channel: ChannelsDirectory.ChannelID,
        to connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        for message in directory[channel].history.all { append(message, to: &effects) }
        effects.reply(to: connection)
    }

    private func append(_ message: ChannelsMessage, to effects: inout EffectBuffer) {
        ChannelsReply.append(
            saidBy: message.sender.shown,
            in: directory[message.channel].name,
            message.text,
            to: &effects.payloads
        )
    }

    /// Makes a visitor a user, wherever else that is logged in.
    mutating func admit(
        _ user: ChannelsAccounts.UserID,
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        accounts.logIn(user, connection)
        for channel in accounts[user].channels { directory.enter(channel, connection) }
        sessions.update(connection) { $0.state = .user(user) }
        answer(.login, true, to: connection, into: &effects)
    }

    /// Takes the user of a connection, if there is one, off it.
    mutating func logOut(_ connection: ConnectionID) {
        guard let client = client(connection) else { return }
        accounts.logOut(client.user)
        for channel in accounts[client.user].channels { directory.leave(channel, connection) }
        sessions.update(connection) { $0.state = .draining }
    }
}
