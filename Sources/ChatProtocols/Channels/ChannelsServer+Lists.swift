// SPDX-License-Identifier: Apache-2.0

/// How long lists of channels are told: to clients, and to servers that ask to federate.
///
/// A list may be tens of megabytes long, and a few bytes ask for it, also of who has not logged in:
///
/// - It is sent by reference: who does not read holds up no memory of its own.
/// - A client that has asked for one is read again when all that was sent to it has left.
/// - Where it changes only the piece is written anew that has changed, and who waits for an older list
///   keeps that. Where the pieces of older ones are more than `Limits.channelsOldLists` together, who
///   waits for the oldest is dropped, with a line in the log.
///
/// Short ones are answers like any other.
extension ChannelsServer {
    /// Answers `CHANNELS`.
    mutating func tellList(to connection: ConnectionID, into effects: inout EffectBuffer) {
        let list = listForClients()
        guard list.text.count > Limits.channelsShortList else {
            effects.payloads += list.text.bytes
            return effects.reply(to: connection)
        }
        sessions.update(connection) { $0.task = .listing }
        share(list, with: connection, into: &effects)
    }

    /// Tells a server that has been confirmed the channels of this one.
    mutating func tellChannels(toPeer link: ConnectionID, into effects: inout EffectBuffer) {
        let list = listForPeers()
        guard list.text.count > Limits.channelsShortList else {
            effects.payloads += list.text.bytes
            return effects.reply(to: link)
        }
        // What stands before it.
        effects.reply(to: link)
        federation.links.update(link) { $0.awaitsSent = true }
        share(list, with: link, into: &effects)
    }

    /// Goes on after a client, or a server, has taken its list.
    mutating func goOnAfterList(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard lists.release(connection) else { return }
        sessions.update(connection) { session in
            if session.task == .listing { session.task = nil }
        }
        goOn(connection, into: &effects)
    }

    private mutating func listForClients() -> ChannelsLists.List {
        let version = ChannelsLists.Version(
            audience: .clients, changes: listed.changes, rewritten: listed.rewritten)
        return lists.current(version) ?? lists.add(ChannelsReply.text(of: listed), version)
    }

    private mutating func listForPeers() -> ChannelsLists.List {
        for channel in directory.channels[listedToPeers.count...] {
            listedToPeers.append(channel.name, federation.text)
        }
        let version = ChannelsLists.Version(
            audience: .peers, changes: listedToPeers.count, rewritten: listedToPeers.rewritten)
        return lists.current(version) ?? lists.add(listedToPeers.text, version)
    }

    private mutating func share(
        _ list: ChannelsLists.List,
        with connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        effects.reply(sharing: list.text, to: connection)
        effects.tellWhenSent(connection)
        lists.hold(list, for: connection)
        dropSurplus(into: &effects)
    }

    private mutating func dropSurplus(into effects: inout EffectBuffer) {
        while case let surplus = lists.surplus(), !surplus.isEmpty {
            for connection in surplus {
                lists.release(connection)
                let subject: ChannelsLogSubject =
                    isLink(connection) ? .link(connection) : .client(connection)
                let reason = "does not read the list of channels that was sent to it"
                log(subject, reason + ": the connection is ended", into: &effects)
                effects.abort(connection)
            }
        }
    }
}
