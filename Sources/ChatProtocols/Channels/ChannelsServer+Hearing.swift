// SPDX-License-Identifier: Apache-2.0

/// What was said in a channel of the peer.
struct ReceivedMessage {
    let from: ChannelsReceivedName
    let channel: ChannelsReceivedName
    let text: [UInt8]
}

/// What the last line of a peer told a user, as the line and as the user was told it.
struct ChannelsTold: Sendable {
    let link: ConnectionID
    /// All of the line behind the user.
    let tail: [UInt8]
    let channel: ChannelsAwayChannel
    let line: [UInt8]
}

/// What users of this server are told of channels of other ones.
///
/// A message comes once for each of them, line by line. A line that differs from the last one in the
/// user alone is not read anew, and what it says is sent from where it was written for the first.
extension ChannelsServer {
    mutating func tell(
        _ message: ReceivedMessage,
        to name: [UInt8],
        _ peer: [UInt8],
        into effects: inout EffectBuffer
    ) {
        let channel = ChannelsAwayChannel(name: message.channel.name, host: peer)
        guard let user = accounts.find(name), federation.isAway(user, in: channel) else {
            let reason = "a FEDRECV for a user who has not joined the channel"
            return log(.peer(peer), reason, quoting: name, into: &effects)
        }
        guard let connection = accounts[user].connection else { return }
        effects.payloads += recv(message, channel, peer)
        effects.deliver(to: connection)
    }

    /// Takes note of what a line has told, for the next one.
    func told(
        _ line: Span<UInt8>,
        _ message: ReceivedMessage,
        on link: ConnectionID,
        _ peer: [UInt8]
    ) -> ChannelsTold? {
        guard let user = ChannelsLinkLine.userOfRecv(line) else { return nil }
        let channel = ChannelsAwayChannel(name: message.channel.name, host: peer)
        return ChannelsTold(
            link: link,
            tail: line.extracting(droppingFirst: user.upperBound).bytes,
            channel: channel,
            line: recv(message, channel, peer)
        )
    }

    /// Acts on a line that tells another user what the last one told; `false` where it does not.
    mutating func tellAgain(
        _ line: Span<UInt8>,
        on link: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let told = federation.told, told.link == link,
            let range = ChannelsLinkLine.userOfRecv(line),
            line.extracting(droppingFirst: range.upperBound).isEqual(to: told.tail),
            let user = accounts.find(line.extracting(range).bytes),
            federation.isAway(user, in: told.channel)
        else { return false }
        guard let connection = accounts[user].connection else { return true }
        if !effects.deliverAgain(told.line, to: connection) {
            effects.payloads += told.line
            effects.deliver(to: connection)
        }
        return true
    }

    private func recv(
        _ message: ReceivedMessage,
        _ channel: ChannelsAwayChannel,
        _ peer: [UInt8]
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(message.text.count + channel.name.count + channel.host.count + 600)
        let speaker = speaker(message, peer).shown
        ChannelsReply.append(saidBy: speaker, in: channel.shown, message.text, to: &line)
        return line
    }

    /// Who speaks in a channel is the word of the server that holds it.
    private func speaker(_ message: ReceivedMessage, _ peer: [UInt8]) -> ChannelsUser {
        let name = message.from.name
        guard let host = message.from.host, host != peer,
            host != federation.peers[peer]?.ownName, host != message.channel.host
        else { return ChannelsUser(name: name, host: peer) }
        return ChannelsUser(name: name, host: host == federation.ownName ? [] : host)
    }
}

extension ChannelsLinkLine {
    /// Where the user of a FEDRECV stands, who is written without host; `nil` for all other lines.
    static func userOfRecv(_ line: Span<UInt8>) -> Range<Int>? {
        let start = 8
        guard line.count > start, line.extracting(first: start).isEqual(to: "FEDRECV ") else {
            return nil
        }
        var end = start
        while end < line.count, line[end] != UInt8(ascii: " ") {
            if line[end] == UInt8(ascii: "@") || line[end] == UInt8(ascii: ":") { return nil }
            end += 1
        }
        return end > start && end < line.count ? start..<end : nil
    }
}
