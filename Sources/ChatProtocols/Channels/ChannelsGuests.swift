// SPDX-License-Identifier: Apache-2.0

/// The users of other servers who have joined a channel, those of each server in the order of
/// joining; none is ever removed.
struct ChannelsGuests: Sendable {
    struct Guest: Sendable {
        let user: ChannelsUser
        /// Over which the user last asked to join; `nil` since the start of this server.
        var link: ConnectionID?
    }

    private var guests: [[UInt8]: [Guest]] = [:]
    private var places: [ChannelsUser: Int] = [:]

    /// The servers whose users they are.
    var hosts: some Sequence<[UInt8]> { guests.keys }

    var isEmpty: Bool { guests.isEmpty }

    func contains(_ user: ChannelsUser) -> Bool { places[user] != nil }

    /// The users of one server.
    func of(_ host: [UInt8]) -> [Guest] { guests[host] ?? [] }

    /// Adds a guest, or notes its latest link.
    mutating func insert(_ user: ChannelsUser, _ link: ConnectionID?) {
        if let place = places[user] {
            guests[user.host]?[place].link = link
        } else {
            places[user] = guests[user.host]?.count ?? 0
            guests[user.host, default: []].append(Guest(user: user, link: link))
        }
    }
}
