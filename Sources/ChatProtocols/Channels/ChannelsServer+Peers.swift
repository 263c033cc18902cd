// SPDX-License-Identifier: Apache-2.0

/// What a peer says.
///
/// What it says counts only on a confirmed link, and only for its own users and channels: the link
/// decides whose a name is, whatever host stands behind it.
extension ChannelsServer {
    mutating func hear(
        _ line: Span<UInt8>,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let line = ChannelsLinkLine(line)
        if line == .confirm { return takeConfirmation(link, into: &effects) }
        guard let peer = federation.peer(of: link) else {
            return log("\(shown(link: link)): a message before the confirmation", into: &effects)
        }
        switch line {
        case .confirm: break
        case .channels(let names): list(own(names, peer), of: peer, into: &effects)
        case .new(let name): list(own([name], peer), of: peer, into: &effects)
        case .join(let user, let channel):
            admit(user, to: channel, on: link, peer, into: &effects)
        case .say(let user, let channel, let text):
            relay(text, of: user, in: channel, on: link, peer, into: &effects)
        case .recv(let to, let from, let channel, let text):
            let message = ReceivedMessage(from: from, channel: channel, text: text)
            tell(message, to: to.name, peer, into: &effects)
        case .joinResult(let user, let channel, let isDone):
            settleJoin(of: user.name, channel.name, isDone, on: link, peer, into: &effects)
        case .sayResult(let user, let channel, let isDone):
            if !isDone { refuseSay(of: user.name, channel.name, peer, into: &effects) }
        case .ignored(let reason):
            log("peer \(shown(peer)): \(reason)", into: &effects)
        }
    }

    /// Whether a peer's line need not wait for the messages before it to be stored.
    func passesMessages(
        _ line: Span<UInt8>,
        on link: ConnectionID,
        _ hasRoom: Bool
    ) -> Bool {
        switch ChannelsLinkLine(line.extracting(ChannelsLine.content(line))) {
        case .confirm, .channels, .new, .recv, .joinResult, .sayResult, .ignored: return true
        case .join: return false
        case .say(let user, let name, _):
            // One that is refused would be answered before those that are stored.
            guard hasRoom, let peer = federation.peer(of: link), let channel = ownChannel(name)
            else {
                return false
            }
            return directory.isMember(ChannelsUser(name: user.name, host: peer), of: channel)
        }
    }

    /// The names that are the peer's own channels.
    private func own(_ names: [ChannelsReceivedName], _ peer: [UInt8]) -> [[UInt8]] {
        names.filter { name in
            name.host == nil || name.host == peer || name.host == federation.peers[peer]?.ownName
        }.map(\.name)
    }

    /// The channel of this server that a peer means.
    private func ownChannel(_ name: ChannelsReceivedName) -> ChannelsDirectory.ChannelID? {
        guard name.host == nil || name.host == federation.ownName else { return nil }
        return directory.find(name.name)
    }

    /// The user of a peer, whose host is what the link says; what is written is remembered.
    private mutating func guest(_ user: ChannelsReceivedName, _ peer: [UInt8]) -> ChannelsUser {
        if let host = user.host { federation.peers[peer]?.ownName = host }
        return ChannelsUser(name: user.name, host: peer)
    }

    private mutating func admit(
        _ user: ChannelsReceivedName,
        to name: ChannelsReceivedName,
        on link: ConnectionID,
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        let guest = guest(user, peer)
        guard let channel = ownChannel(name) else {
            return answerJoin(guest, name.name, false, on: link, into: &effects)
        }
        if directory.isMember(guest, of: channel) {
            directory.admit(guest, to: channel, link)
            return answerJoin(guest, name.name, true, on: link, into: &effects)
        }
        guard directory.reserveMembership() else {
            log("peer \(shown(peer)): a FEDJOIN past the bound of memberships", into: &effects)
            return answerJoin(guest, name.name, false, on: link, into: &effects)
        }
        make(
            .guest(guest, channel), for: link, answer: .guestJoins(guest, name.name), into: &effects
        )
    }

    func answerJoin(
        _ guest: ChannelsUser,
        _ channel: [UInt8],
        _ isDone: Bool,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        federation.text.append(
            result: guest.name, "JOIN", channel, isDone, to: &effects.payloads)
        effects.reply(to: link)
    }

    private mutating func relay(
        _ text: [UInt8],
        of user: ChannelsReceivedName,
        in name: ChannelsReceivedName,
        on link: ConnectionID,
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        let guest = guest(user, peer)
        guard let channel = ownChannel(name), directory.isMember(guest, of: channel) else {
            log("peer \(shown(peer)): a FEDSAY of a user who has not joined", into: &effects)
            return answerSay(guest, name.name, on: link, into: &effects)
        }
        let message = newMessage(text, in: channel, by: guest)
        make(.message(message), for: link, answer: .guestSays(guest, name.name), into: &effects)
    }

    func answerSay(
        _ guest: ChannelsUser,
        _ channel: [UInt8],
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        federation.text.append(result: guest.name, "SAY", channel, false, to: &effects.payloads)
        effects.reply(to: link)
    }

    /// What was said in a channel of the peer.
    private struct ReceivedMessage {
        let from: ChannelsReceivedName
        let channel: ChannelsReceivedName
        let text: [UInt8]
    }

    private func tell(
        _ message: ReceivedMessage,
        to name: [UInt8],
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        let channel = ChannelsAwayChannel(name: message.channel.name, host: peer)
        guard let user = accounts.find(name), federation.isAway(user, in: channel) else {
            let reason = "a FEDRECV for a user who has not joined the channel"
            return log("peer \(shown(peer)): \(reason)", into: &effects)
        }
        guard let connection = accounts[user].connection else { return }
        ChannelsReply.append(
            saidBy: speaker(message, peer).shown,
            in: channel.shown,
            message.text,
            to: &effects.payloads
        )
        effects.deliver(to: connection)
    }

    /// Who speaks in a channel is the word of the server that holds it.
    private func speaker(_ message: ReceivedMessage, _ peer: [UInt8]) -> ChannelsUser {
        let name = message.from.name
        guard let host = message.from.host, host != peer,
            host != federation.peers[peer]?.ownName, host != message.channel.host
        else { return ChannelsUser(name: name, host: peer) }
        return ChannelsUser(name: name, host: host == federation.ownName ? [] : host)
    }

    private func refuseSay(
        of name: [UInt8],
        _ channel: [UInt8],
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        let channel = ChannelsAwayChannel(name: channel, host: peer)
        guard let user = accounts.find(name), federation.isAway(user, in: channel),
            let connection = accounts[user].connection
        else { return }
        answer(.say, false, to: connection, into: &effects)
    }
}

/// What this server says to its peers.
extension ChannelsServer {
    /// Tells every peer of a new channel.
    func tellPeers(of channel: [UInt8], into effects: inout EffectBuffer) {
        for peer in federation.peers.values {
            guard let link = peer.links.first else { continue }
            federation.text.append(new: channel, to: &effects.payloads)
            effects.deliver(to: link)
        }
    }

    /// Tells a message to the members who are users of other servers, each by a line of its own.
    func tellGuests(_ message: ChannelsMessage, into effects: inout EffectBuffer) {
        for guest in directory[message.channel].guests.all {
            let host = guest.user.host
            let isOpen = guest.link.map { federation.peer(of: $0) == host } ?? false
            guard let link = isOpen ? guest.link : federation.link(to: host) else { continue }
            append(message, to: guest.user, into: &effects)
            effects.deliver(to: link)
        }
    }

    func tellHistory(
        of channel: ChannelsDirectory.ChannelID,
        to guest: ChannelsUser,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        for message in directory[channel].history.all { append(message, to: guest, into: &effects) }
        effects.reply(to: link)
    }

    private func append(
        _ message: ChannelsMessage,
        to guest: ChannelsUser,
        into effects: inout EffectBuffer
    ) {
        federation.text.append(
            recv: guest.name,
            from: named(message.sender, for: guest.host),
            directory[message.channel].name,
            message.text,
            to: &effects.payloads
        )
    }

    /// A user with the host by which a peer knows it.
    private func named(_ user: ChannelsUser, for peer: [UInt8]) -> ChannelsUser {
        if user.host.isEmpty { return ChannelsUser(name: user.name, host: federation.ownName) }
        guard user.host == peer, let ownName = federation.peers[peer]?.ownName else { return user }
        return ChannelsUser(name: user.name, host: ownName)
    }
}
