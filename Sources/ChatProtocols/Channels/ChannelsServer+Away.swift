// SPDX-License-Identifier: Apache-2.0

/// What users of this server do in channels of others.
extension ChannelsServer {
    mutating func join(
        _ channel: ChannelsAwayChannel,
        written: [UInt8],
        by client: ChannelsClient,
        into effects: inout EffectBuffer
    ) {
        guard ChannelsNames.isChannel(channel.name), let link = federation.link(to: channel.host),
            !federation.isAway(client.user, in: channel), hasRoom(for: channel.host)
        else { return answer(.join(written), false, to: client.connection, into: &effects) }
        let number = federation.nextNumber()
        let request = ChannelsJoinRequest(
            number: number,
            user: client.user,
            channel: channel.name,
            client: client.connection,
            written: written
        )
        federation.peers[channel.host]?.requests.append(request)
        federation.joins[number] = channel.host
        wait(for: .join(number))
        sessions.update(client.connection) { $0.task = .joining(number) }
        let name = accounts[client.user].name
        federation.text.append(join: name, channel.name, to: &effects.payloads)
        effects.deliver(to: link)
    }

    private func hasRoom(for peer: [UInt8]) -> Bool {
        (federation.peers[peer]?.requests.count ?? 0) < Limits.channelsPeerRequests
    }

    mutating func say(
        _ text: [UInt8],
        in channel: ChannelsAwayChannel,
        by client: ChannelsClient,
        into effects: inout EffectBuffer
    ) {
        guard federation.isAway(client.user, in: channel),
            let link = federation.link(to: channel.host)
        else { return answer(.say, false, to: client.connection, into: &effects) }
        let name = accounts[client.user].name
        federation.text.append(say: name, channel.name, text, to: &effects.payloads)
        effects.deliver(to: link)
    }

    /// Answers a join that was not answered in time; the peer's answer still counts.
    mutating func giveUpJoin(_ number: UInt64, into effects: inout EffectBuffer) {
        guard let host = federation.joins.removeValue(forKey: number),
            let place = federation.peers[host]?.requests.firstIndex(where: { $0.number == number }),
            let request = federation.peers[host]?.requests[place]
        else { return }
        federation.peers[host]?.requests[place].client = nil
        log(
            .peer(host), "it has not answered a FEDJOIN in time", quoting: request.channel,
            into: &effects)
        answer(request, false, into: &effects)
    }

    /// Takes the answer to the oldest join of that user and channel.
    mutating func settleJoin(
        of user: [UInt8],
        _ name: [UInt8],
        _ isDone: Bool,
        on link: ConnectionID,
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        guard let account = accounts.find(user),
            let place = federation.peers[peer]?.requests.firstIndex(where: { request in
                request.user == account && request.channel == name
            }), let request = federation.peers[peer]?.requests.remove(at: place)
        else {
            return log(
                .peer(peer), "a FEDRESULT JOIN that nobody waits for", quoting: user, into: &effects
            )
        }
        federation.joins[request.number] = nil
        federation.deadlines.remove(.join(request.number))
        let channel = ChannelsAwayChannel(name: name, host: peer)
        if isDone {
            list([name], of: peer, into: &effects)
            enter(channel, request, on: link, into: &effects)
        } else {
            if request.written == nil { leave(channel, account, on: link, into: &effects) }
            answer(request, false, into: &effects)
        }
    }

    private mutating func enter(
        _ channel: ChannelsAwayChannel,
        _ request: ChannelsJoinRequest,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        if federation.isAway(request.user, in: channel) {
            return answer(request, true, into: &effects)
        }
        guard directory.reserveMembership() else { return answer(request, false, into: &effects) }
        let change = ChannelsChange.away(request.user, channel)
        make(change, for: link, answer: .join(request), into: &effects)
    }

    private mutating func leave(
        _ channel: ChannelsAwayChannel,
        _ user: ChannelsAccounts.UserID,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard federation.isAway(user, in: channel) else { return }
        log(.peer(channel.host), "it ends a membership", quoting: channel.name, into: &effects)
        make(.notAway(user, channel), for: link, answer: .nobody, into: &effects)
    }

    /// Adds channels of a peer to what `CHANNELS` lists.
    mutating func list(_ names: [[UInt8]], of peer: [UInt8], into effects: inout EffectBuffer) {
        for name in names {
            guard federation.peers[peer]?.channels.contains(name) == false else { continue }
            guard (federation.peers[peer]?.channels.count ?? 0) < Limits.channelsPeerChannels,
                federation.listedCount < Limits.channelsPeersChannels
            else { return refuseChannels(of: peer, into: &effects) }
            federation.peers[peer]?.channels.insert(name)
            federation.listedCount += 1
            listed.insert(ChannelsAwayChannel(name: name, host: peer).shown)
        }
    }

    /// Says once that a peer has too many channels, or all peers have.
    private mutating func refuseChannels(of peer: [UInt8], into effects: inout EffectBuffer) {
        guard federation.peers[peer]?.isPastChannels == false else { return }
        federation.peers[peer]?.isPastChannels = true
        let isAlone = federation.listedCount < Limits.channelsPeersChannels
        let bound =
            isAlone
            ? "it has more than \(Limits.channelsPeerChannels) channels"
            : "all other servers have more than \(Limits.channelsPeersChannels) channels"
        log(.peer(peer), bound + "; the others are not listed", into: &effects)
    }
}
