// SPDX-License-Identifier: Apache-2.0

/// The channels of this server, who has joined them, and what was said there; none is ever removed.
struct ChannelsDirectory: Sendable {
    /// A channel, by its place in the order of creation.
    typealias ChannelID = Int

    struct Channel: Sendable {
        let name: [UInt8]
        /// Users of this server who have joined.
        var users: Set<ChannelsAccounts.UserID> = []
        /// Where those of them are who are logged in.
        var online = MemberList()
        /// Users of other servers who have joined.
        fileprivate(set) var guests = ChannelsGuests()
        fileprivate(set) var history = ChannelsHistory()
    }

    private(set) var channels: [Channel] = []
    private var ids: [[UInt8]: ChannelID] = [:]
    /// Names of channels that are as good as there.
    private var reserved: Set<[UInt8]> = []
    /// Memberships, of users of other servers as well; those counted that are as good as there.
    private(set) var membershipCount = 0
    /// Those of users of other servers.
    private var guestCount = 0
    private var guestCounts: [[UInt8]: Int] = [:]
    private var ages = ChannelsAges()
    private var historyBytes = 0
    private var historyCount = 0
    /// How many messages of a channel are kept.
    private let historyLength: Int

    init(historyLength: Int) { self.historyLength = historyLength }

    subscript(_ channel: ChannelID) -> Channel { channels[channel] }

    func find(_ name: [UInt8]) -> ChannelID? { ids[name] }

    /// Takes a name for a new channel; `false` where it is taken, or there are too many channels.
    mutating func reserve(_ name: [UInt8]) -> Bool {
        guard ids[name] == nil, channels.count + reserved.count < Limits.channelsChannels else {
            return false
        }
        return reserved.insert(name).inserted
    }

    mutating func release(_ name: [UInt8]) { reserved.remove(name) }

    /// Makes an empty channel; one that is there stays as it is.
    @discardableResult
    mutating func create(_ name: [UInt8]) -> ChannelID {
        reserved.remove(name)
        if let channel = ids[name] { return channel }
        let channel = channels.count
        channels.append(Channel(name: name))
        ids[name] = channel
        return channel
    }

    func isMember(_ user: ChannelsAccounts.UserID, of channel: ChannelID) -> Bool {
        channels[channel].users.contains(user)
    }

    mutating func join(_ user: ChannelsAccounts.UserID, _ channel: ChannelID) {
        channels[channel].users.insert(user)
    }

    func isMember(_ guest: ChannelsUser, of channel: ChannelID) -> Bool {
        channels[channel].guests.contains(guest)
    }

    mutating func admit(_ guest: ChannelsUser, to channel: ChannelID, _ link: ConnectionID?) {
        channels[channel].guests.insert(guest, link)
    }

    mutating func enter(_ channel: ChannelID, _ connection: ConnectionID) {
        channels[channel].online.insert(connection)
    }

    mutating func leave(_ channel: ChannelID, _ connection: ConnectionID) {
        channels[channel].online.remove(connection)
    }

    /// Takes the place of one more membership; `false` where there are too many.
    mutating func reserveMembership() -> Bool {
        guard membershipCount < Limits.channelsMemberships else { return false }
        membershipCount += 1
        return true
    }

    mutating func releaseMembership() { membershipCount -= 1 }

    /// Takes the place of one more membership of another server's user; `false` where it, or all of
    /// them together, have too many.
    mutating func reserveGuest(of host: [UInt8]) -> Bool {
        let count = guestCounts[host] ?? 0
        guard count < Limits.channelsPeerGuests, guestCount < Limits.channelsGuests,
            reserveMembership()
        else { return false }
        guestCount += 1
        guestCounts[host] = count + 1
        return true
    }

    mutating func releaseGuest(of host: [UInt8]) {
        releaseMembership()
        guestCount -= 1
        guestCounts[host] = guestCounts[host].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
}

/// What was said.
extension ChannelsDirectory {
    /// Adds a message to its channel's history, and forgets as many old ones as the bounds ask for.
    mutating func remember(_ message: ChannelsMessage) {
        guard historyLength > 0 else { return }
        channels[message.channel].history.append(message)
        ages.append(message.channel, message.number)
        historyBytes += message.size
        historyCount += 1
        while isTooLong(channels[message.channel].history) { forgetOldest(of: message.channel) }
        while historyBytes > Limits.channelsHistoriesBytes, forgetOldest() {}
        if ages.count > 2 * historyCount + 64 { compactAges() }
    }

    private func isTooLong(_ history: ChannelsHistory) -> Bool {
        history.count > historyLength || history.byteCount > Limits.channelsHistoryBytes
    }

    /// Forgets the oldest message of all channels; `false` where there is none.
    private mutating func forgetOldest() -> Bool {
        while let next = ages.popFirst() {
            guard isKept(next) else { continue }
            forgetOldest(of: next.channel)
            return true
        }
        return false
    }

    private mutating func compactAges() {
        var ages = ages
        ages.compact { isKept($0) }
        self.ages = ages
    }

    /// A channel forgets its messages in their order, so that only the first can be gone.
    private func isKept(_ entry: ChannelsAges.Entry) -> Bool {
        guard let oldest = channels[entry.channel].history.oldest else { return false }
        return oldest.number <= entry.number
    }

    private mutating func forgetOldest(of channel: ChannelID) {
        guard let message = channels[channel].history.removeOldest() else { return }
        historyBytes -= message.size
        historyCount -= 1
    }
}
