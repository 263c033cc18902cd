// SPDX-License-Identifier: Apache-2.0

/// What users of other servers are told of what is said here.
///
/// One message is a line for each of them, which together may be thousands of times as long. So a
/// message waits, once, for each server whose users are to be told it; lines are written while the
/// link takes them (`Limits.channelsLinkWindow`), and the next ones when those have left. Who takes
/// less than is said here is told so in the log, and its links end.
///
/// ```text
/// said ──▶ waits at the peer ──lines, as far as the window goes──▶ on the link ──sent──▶ (window open)
///               └── more than `Limits.channelsPeerWaiting` ──▶ the peer's links end
/// ```
extension ChannelsServer {
    /// Tells a message to the members who are users of other servers, each by a line of its own.
    mutating func tellGuests(_ message: ChannelsMessage, into effects: inout EffectBuffer) {
        guard !directory[message.channel].guests.isEmpty else { return }
        for host in Array(directory[message.channel].guests.hosts) {
            guard federation.peers[host] != nil else { continue }
            let count = directory[message.channel].guests.of(host).count
            federation.peers[host]?.outbox.append(ChannelsTelling(message: message, end: count))
            tellOn(host, into: &effects)
            endIfBehind(host, into: &effects)
        }
    }

    /// Writes what a server's users are still to be told, as far as its links take it.
    mutating func tellOn(_ peer: [UInt8], into effects: inout EffectBuffer) {
        while let telling = federation.peers[peer]?.outbox.first {
            let next = tell(telling, to: peer, into: &effects)
            guard next == telling.end else {
                federation.peers[peer]?.outbox.stop(at: next)
                return
            }
            federation.peers[peer]?.outbox.removeFirst()
        }
    }

    /// Goes on after all that was sent on a link has left.
    mutating func goOnTelling(on link: ConnectionID, into effects: inout EffectBuffer) {
        federation.links.update(link) { link in
            link.unsent = 0
            link.awaitsSent = false
        }
        if let peer = federation.peer(of: link) { tellOn(peer, into: &effects) }
    }

    /// Tells a message to as many as the links take; which is the first who has not been told.
    private mutating func tell(
        _ telling: ChannelsTelling,
        to peer: [UInt8],
        into effects: inout EffectBuffer
    ) -> Int {
        let guests = directory[telling.message.channel].guests.of(peer)
        let tail = tail(of: telling.message, for: peer)
        var stretch: (wished: ConnectionID?, link: ConnectionID, room: Int)?
        for place in telling.next..<telling.end {
            let guest = guests[place]
            if stretch == nil || stretch?.wished != guest.link {
                close(stretch)
                stretch = open(guest.link, to: peer)
            }
            guard let current = stretch, current.room > 0 else {
                close(stretch)
                if let current = stretch { awaitSent(current.link, into: &effects) }
                return place
            }
            let start = effects.payloads.count
            ChannelsLinkText.append(recv: guest.user.name, tail, to: &effects.payloads)
            stretch?.room -= effects.payloads.count - start
            effects.deliver(to: current.link)
        }
        close(stretch)
        return telling.end
    }

    /// The link over which someone is told something, and how much it takes.
    private func open(
        _ wished: ConnectionID?,
        to peer: [UInt8]
    ) -> (wished: ConnectionID?, link: ConnectionID, room: Int)? {
        let isOpen = wished.map { federation.peer(of: $0) == peer } ?? false
        guard let link = isOpen ? wished : federation.link(to: peer) else { return nil }
        let unsent = federation.links.read(link) { $0.unsent } ?? 0
        return (wished, link, Limits.channelsLinkWindow - unsent)
    }

    private mutating func close(
        _ stretch: (wished: ConnectionID?, link: ConnectionID, room: Int)?
    ) {
        guard let stretch else { return }
        federation.links.update(stretch.link) {
            $0.unsent = Limits.channelsLinkWindow - stretch.room
        }
    }

    private mutating func awaitSent(_ link: ConnectionID, into effects: inout EffectBuffer) {
        guard federation.links.read(link, { $0.awaitsSent }) == false else { return }
        federation.links.update(link) { $0.awaitsSent = true }
        effects.tellWhenSent(link)
    }

    /// Ends the links to a server that takes less than its users are to be told.
    private mutating func endIfBehind(_ peer: [UInt8], into effects: inout EffectBuffer) {
        guard let behind = federation.peers[peer], behind.outbox.size > Limits.channelsPeerWaiting
        else { return }
        federation.peers[peer]?.outbox = ChannelsOutbox()
        let waiting = "messages of \(behind.outbox.size) bytes wait for it"
        log(.peer(peer), "its links are ended: \(waiting)", into: &effects)
        for link in behind.links { effects.abort(link) }
    }
}

/// History, and the lines.
extension ChannelsServer {
    func tellHistory(
        of channel: ChannelsDirectory.ChannelID,
        to guest: ChannelsUser,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        for message in directory[channel].history.all {
            let tail = tail(of: message, for: guest.host)
            ChannelsLinkText.append(recv: guest.name, tail, to: &effects.payloads)
        }
        effects.reply(to: link)
    }

    /// All of a FEDRECV behind the one who is told.
    private func tail(of message: ChannelsMessage, for peer: [UInt8]) -> [UInt8] {
        federation.text.tail(
            from: named(message.sender, for: peer),
            directory[message.channel].name,
            message.text
        )
    }

    /// A user with the host by which a peer knows it.
    private func named(_ user: ChannelsUser, for peer: [UInt8]) -> ChannelsUser {
        if user.host.isEmpty { return ChannelsUser(name: user.name, host: federation.ownName) }
        guard user.host == peer, let ownName = federation.peers[peer]?.ownName else { return user }
        return ChannelsUser(name: user.name, host: ownName)
    }
}
