// SPDX-License-Identifier: Apache-2.0

/// The users of other servers who have joined a channel, in the order of joining.
struct ChannelsGuests: Sendable {
    struct Guest: Sendable {
        let user: ChannelsUser
        /// Over which the user last asked to join; `nil` since the start of this server.
        var link: ConnectionID?
    }

    private(set) var all: [Guest] = []
    private var places: [ChannelsUser: Int] = [:]

    func contains(_ user: ChannelsUser) -> Bool { places[user] != nil }

    /// Adds a guest, or notes its latest link.
    mutating func insert(_ user: ChannelsUser, _ link: ConnectionID?) {
        if let place = places[user] {
            all[place].link = link
        } else {
            places[user] = all.count
            all.append(Guest(user: user, link: link))
        }
    }
}
