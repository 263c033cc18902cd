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
        if tellAgain(line, on: link, into: &effects) { return }
        federation.told = nil
        let said = ChannelsLinkLine(line)
        if said == .confirm { return takeConfirmation(link, into: &effects) }
        guard let peer = federation.peer(of: link) else {
            return log(
                .link(link), "a message before the confirmation",
                quoting: ChannelsLinkLine.shown(line), into: &effects)
        }
        switch said {
        case .confirm: break
        case .channels(let names): take(names, of: peer, "FEDCHANNELS", into: &effects)
        case .new(let name):
            take(ChannelsReceivedList(names: [name]), of: peer, "FEDNEW", into: &effects)
        case .join(let user, let channel):
            admit(user, to: channel, on: link, peer, into: &effects)
        case .say(let user, let channel, let text):
            relay(text, of: user, in: channel, on: link, peer, into: &effects)
        case .recv(let to, let from, let channel, let text):
            let message = ReceivedMessage(from: from, channel: channel, text: text)
            tell(message, to: to.name, peer, into: &effects)
            federation.told = told(line, message, on: link, peer)
        case .joinResult(let user, let channel, let isDone):
            settleJoin(of: user.name, channel.name, isDone, on: link, peer, into: &effects)
        case .sayResult(let user, let channel, let isDone):
            if !isDone { refuseSay(of: user.name, channel.name, peer, into: &effects) }
        case .ignored(let reason):
            log(.peer(peer), reason, quoting: ChannelsLinkLine.shown(line), into: &effects)
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
        case .say(let user, let name, let text):
            // One that is refused would be answered before those that are stored.
            guard hasRoom, let peer = federation.peer(of: link), let channel = ownChannel(name),
                isShortEnough(text, in: name.name)
            else { return false }
            return directory.isMember(ChannelsUser(name: user.name, host: peer), of: channel)
        }
    }

    /// Lists the names that are the peer's own channels.
    private mutating func take(
        _ received: ChannelsReceivedList,
        of peer: [UInt8],
        _ word: String,
        into effects: inout EffectBuffer
    ) {
        let ownName = federation.peers[peer]?.ownName
        var (refused, firstRefused) = (received.refused, received.firstRefused)
        var own: [[UInt8]] = []
        own.reserveCapacity(received.names.count)
        for name in received.names {
            if name.host == nil || name.host == peer || name.host == ownName {
                own.append(name.name)
            } else {
                refused += 1
                firstRefused = firstRefused ?? name.written
            }
        }
        list(own, of: peer, into: &effects)
        guard let firstRefused else { return }
        let names = refused == 1 ? "a name that is" : "\(refused) names that are"
        let reason = "a \(word) with \(names) no channel of its"
        log(.peer(peer), reason, quoting: firstRefused, into: &effects)
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
            let reason = "a FEDJOIN of what is no channel here"
            log(.peer(peer), reason, quoting: name.written, into: &effects)
            return answerJoin(guest, name.name, false, on: link, into: &effects)
        }
        if directory.isMember(guest, of: channel) {
            directory.admit(guest, to: channel, link)
            return answerJoin(guest, name.name, true, on: link, into: &effects)
        }
        guard directory.reserveGuest(of: peer) else {
            refuseGuests(of: peer, into: &effects)
            return answerJoin(guest, name.name, false, on: link, into: &effects)
        }
        make(
            .guest(guest, channel), for: link, answer: .guestJoins(guest, name.name), into: &effects
        )
    }

    /// Says once that a peer's users, or all peers', have as many memberships as they may.
    private mutating func refuseGuests(of peer: [UInt8], into effects: inout EffectBuffer) {
        guard federation.peers[peer]?.isPastGuests == false else { return }
        federation.peers[peer]?.isPastGuests = true
        let bounds = "\(Limits.channelsPeerGuests) of one server, \(Limits.channelsGuests) of all"
        let reason = "a FEDJOIN past the bound of memberships here (\(bounds))"
        log(.peer(peer), reason + "; further ones are refused without a line", into: &effects)
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
        guard let channel = ownChannel(name), directory.isMember(guest, of: channel),
            isShortEnough(text, in: name.name)
        else {
            let (reason, words) = refusal(of: text, of: user, in: name)
            log(.peer(peer), reason, quoting: words, into: &effects)
            return answerSay(guest, name.name, on: link, into: &effects)
        }
        let message = newMessage(text, in: channel, by: guest)
        make(.message(message), for: link, answer: .guestSays(guest, name.name), into: &effects)
    }

    /// Why a FEDSAY is refused, and what the reason is about.
    private func refusal(
        of text: [UInt8],
        of user: ChannelsReceivedName,
        in name: ChannelsReceivedName
    ) -> (reason: String, words: [UInt8]) {
        if ownChannel(name) == nil { return ("a FEDSAY to what is no channel here", name.written) }
        if isShortEnough(text, in: name.name) {
            return ("a FEDSAY of a user who has not joined", user.name)
        }
        let reason = "a FEDSAY with a text of \(text.count) bytes, too long for any client"
        return (reason, user.name)
    }

    /// Whether a client could say it, whose line is shorter than that of a peer.
    ///
    /// So what is told of it fits in a line of a peer, too.
    private func isShortEnough(_ text: [UInt8], in channel: [UInt8]) -> Bool {
        "SAY ".utf8.count + channel.count + 1 + text.count <= Limits.channelsLine
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

    private mutating func refuseSay(
        of name: [UInt8],
        _ channel: [UInt8],
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        let channel = ChannelsAwayChannel(name: channel, host: peer)
        guard let user = accounts.find(name), federation.isAway(user, in: channel) else {
            let reason = "a FEDRESULT SAY for a user who has not joined the channel"
            return log(.peer(peer), reason, quoting: name, into: &effects)
        }
        guard let connection = accounts[user].connection else { return }
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
}
