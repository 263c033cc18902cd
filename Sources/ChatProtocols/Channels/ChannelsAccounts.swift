// SPDX-License-Identifier: Apache-2.0

/// The users of this server, and who of them is logged in; none is ever removed.
struct ChannelsAccounts: Sendable {
    /// A user, by the place in the order of registration.
    typealias UserID = Int

    struct Account: Sendable {
        let name: [UInt8]
        /// As the library for passwords wrote it.
        let hash: [UInt8]
        /// Where the user is logged in.
        var connection: ConnectionID?
        /// The own channels that the user has joined.
        var channels: [ChannelsDirectory.ChannelID] = []
    }

    private(set) var accounts: [Account] = []
    private var ids: [[UInt8]: UserID] = [:]
    /// Names whose accounts are being made, which nobody else may take.
    private var reserved: Set<[UInt8]> = []

    subscript(_ user: UserID) -> Account { accounts[user] }

    func find(_ name: [UInt8]) -> UserID? { ids[name] }

    /// Takes a name for a new account; `false` where it is taken, or there are too many accounts.
    mutating func reserve(_ name: [UInt8]) -> Bool {
        guard ids[name] == nil, accounts.count + reserved.count < Limits.channelsAccounts else {
            return false
        }
        return reserved.insert(name).inserted
    }

    mutating func release(_ name: [UInt8]) { reserved.remove(name) }

    /// Makes an account; one that is there stays as it is.
    @discardableResult
    mutating func insert(_ name: [UInt8], hash: [UInt8]) -> UserID {
        reserved.remove(name)
        if let user = ids[name] { return user }
        let user = accounts.count
        accounts.append(Account(name: name, hash: hash))
        ids[name] = user
        return user
    }

    mutating func logIn(_ user: UserID, _ connection: ConnectionID) {
        accounts[user].connection = connection
    }

    mutating func logOut(_ user: UserID) { accounts[user].connection = nil }

    mutating func join(_ user: UserID, _ channel: ChannelsDirectory.ChannelID) {
        accounts[user].channels.append(channel)
    }
}
