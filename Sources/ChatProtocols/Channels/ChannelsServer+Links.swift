// SPDX-License-Identifier: Apache-2.0

/// How links begin and end, and who is at their other end.
extension ChannelsServer {
    /// Takes a connection for that of a server that asks to federate.
    mutating func beginLink(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        let ticket = LookUpTicket(number: federation.nextNumber())
        federation.links[connection] = ChannelsLink(dial: nil, state: .asking(address: nil))
        federation.lookUps[ticket] = .link(connection)
        sessions.update(connection) { session in
            session.state = .link
            session.task = .confirming
        }
        effects.lookUp(ticket, .client(connection))
    }

    /// Takes note of where a server is that asks; it is confirmed when the name for that is known.
    mutating func identify(
        _ connection: ConnectionID,
        _ address: [UInt8]?,
        into effects: inout EffectBuffer
    ) {
        guard federation.links[connection] != nil else { return }
        federation.links.update(connection) { $0.state = .asking(address: address) }
        let isKnown = federation.dials.contains { dial in
            address.map { dial.addresses?.contains($0) == true && !dial.isGivenUp } ?? false
        }
        if isKnown || !federation.dials.contains(where: \.isUnknown) {
            confirmIncoming(connection, into: &effects)
        } else {
            wait(for: .identity(connection))
        }
    }

    /// Looks again who those are who ask, now that an entry was looked up.
    mutating func identifyWaiting(into effects: inout EffectBuffer) {
        for connection in federation.links.connections.connections {
            guard case .asking(let address?)? = federation.links[connection]?.state else {
                continue
            }
            federation.deadlines.remove(.identity(connection))
            identify(connection, address, into: &effects)
        }
    }

    /// Confirms a link that comes in, by the name that is known now.
    mutating func confirmIncoming(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard case .asking(let seen)? = federation.links[connection]?.state else { return }
        federation.deadlines.remove(.identity(connection))
        let address = seen ?? Array("unknown".utf8)
        let dial = federation.dials.first { dial in
            !dial.isGivenUp && dial.addresses?.contains(address) == true
        }
        effects.payloads.append("FEDERATE-CONFIRM\n")
        confirm(connection, as: dial?.entry.host ?? address, into: &effects)
        sessions.update(connection) { $0.task = nil }
        goOn(connection, into: &effects)
    }

    /// Takes the confirmation of a dialled link.
    mutating func takeConfirmation(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard let link = federation.links[connection], link.state == .asked, let index = link.dial
        else {
            return log(.link(connection), "a needless FEDERATE-CONFIRM", into: &effects)
        }
        federation.deadlines.remove(.confirmation(connection))
        federation.dials[index].pause = ChannelsDial.firstPause
        confirm(connection, as: federation.dials[index].entry.host, into: &effects)
    }

    /// Tells a peer the own channels, and renews memberships where it was down.
    private mutating func confirm(
        _ connection: ConnectionID,
        as name: [UInt8],
        into effects: inout EffectBuffer
    ) {
        federation.links.update(connection) { $0.state = .confirmed(peer: name) }
        tellChannels(toPeer: connection, into: &effects)
        let wasDown = federation.peers[name] == nil
        federation.peers[name, default: ChannelsPeer()].links.append(connection)
        endSurplusLink(of: name, into: &effects)
        if wasDown { renewMemberships(at: name, into: &effects) }
        effects.reply(to: connection)
        // Not for just anyone who says FEDERATE-OUT.
        if federation.dials.contains(where: { $0.entry.host == name }) { effects.widen(connection) }
    }

    /// Ends a peer's oldest link where it has opened too many: the newest is the likeliest to be
    /// alive, as a peer that was cut off has left dead ones behind.
    private mutating func endSurplusLink(of peer: [UInt8], into effects: inout EffectBuffer) {
        let incoming = (federation.peers[peer]?.links ?? []).filter { link in
            federation.links.read(link) { $0.dial == nil } == true
        }
        guard incoming.count > Limits.channelsPeerLinks, let oldest = incoming.first else { return }
        let reason = "more than \(Limits.channelsPeerLinks) links: the oldest is ended"
        log(.peer(peer), reason, into: &effects)
        effects.abort(oldest)
    }

    private mutating func renewMemberships(at peer: [UInt8], into effects: inout EffectBuffer) {
        let channels = federation.away.filter { $0.key.host == peer }
        let sorted = channels.sorted { $0.key.name.lexicographicallyPrecedes($1.key.name) }
        for (channel, users) in sorted {
            for user in users.sorted() {
                let request = ChannelsJoinRequest(
                    number: federation.nextNumber(),
                    user: user,
                    channel: channel.name,
                    client: nil,
                    written: nil
                )
                federation.peers[peer]?.requests.append(request)
                let name = accounts[user].name
                federation.text.append(join: name, channel.name, to: &effects.payloads)
            }
        }
    }

    /// Forgets a link; with the last one its peer is down.
    mutating func endLink(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard let link = federation.links[connection] else { return }
        federation.links[connection] = nil
        federation.deadlines.remove(.confirmation(connection))
        federation.deadlines.remove(.identity(connection))
        if let index = link.dial { retry(index) }
        guard case .confirmed(let name) = link.state else { return }
        federation.peers[name]?.links.removeAll { $0 == connection }
        guard let peer = federation.peers[name] else { return }
        // Who was told over this link is told over another.
        guard peer.links.isEmpty else { return tellOn(name, into: &effects) }
        federation.peers[name] = nil
        federation.listedCount -= peer.channels.count
        listed.remove(host: name)
        for request in peer.requests {
            federation.joins[request.number] = nil
            federation.deadlines.remove(.join(request.number))
            answer(request, false, into: &effects)
        }
    }

    /// Tells who waits for a join, if anyone does.
    mutating func answer(
        _ request: ChannelsJoinRequest,
        _ isDone: Bool,
        into effects: inout EffectBuffer
    ) {
        guard let client = request.client, let written = request.written else { return }
        answer(.join(written), isDone, to: client, into: &effects)
        sessions.update(client) { session in
            if session.task == .joining(request.number) { session.task = nil }
        }
        goOn(client, into: &effects)
    }
}

extension ChannelsAwayChannel {
    /// What a client writes, or a list says: `c:host`; `nil` for a plain name.
    init?(_ text: [UInt8]) {
        guard let mark = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        self.init(name: Array(text[..<mark]), host: Array(text[(mark + 1)...]))
    }
}
