// SPDX-License-Identifier: Apache-2.0

/// The other servers: those that are dialled, the links to them, and what is known of each.
struct ChannelsFederation: Sendable {
    /// Whether this server federates at all.
    let isOn: Bool
    /// In the order of the peers file.
    var dials: [ChannelsDial]
    var links = ConnectionTable<ChannelsLink>()
    /// Those with a confirmed link, by the name of the link.
    var peers: [[UInt8]: ChannelsPeer] = [:]
    /// How many channels of all of them are listed.
    var listedCount = 0
    /// Channels of other servers, and the users of this one who have joined them.
    var away: [ChannelsAwayChannel: Set<ChannelsAccounts.UserID>] = [:]
    var connects: [ConnectTicket: Int] = [:]
    var lookUps: [LookUpTicket: LookUpUse] = [:]
    /// To which peer a join was sent.
    var joins: [UInt64: [UInt8]] = [:]
    var deadlines = Deadlines<ChannelsWait>()
    var now: Int64 = 0
    /// When the server has asked to be told the time.
    var wakesAt: Int64?
    /// What peers call this server, and the address that it listens on.
    var ownName: [UInt8]
    var ownAddress: [UInt8] = []
    var logs = ChannelsLogs()
    /// What a peer's last line told, if it told something: the next may tell it to another user.
    var told: ChannelsTold?
    private var lastNumber: UInt64 = 0

    enum LookUpUse: Sendable {
        /// The host of an entry, by its place.
        case dial(Int)
        /// Who has asked to federate.
        case link(ConnectionID)
    }

    init(_ settings: ChannelsSettings) {
        isOn = settings.federates
        dials = settings.peers.map { ChannelsDial(entry: $0) }
        ownName = settings.hostname ?? []
    }

    var text: ChannelsLinkText { ChannelsLinkText(own: ownName) }

    /// A number that nothing has had before.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// The link over which this server says something of its own to a peer.
    func link(to peer: [UInt8]) -> ConnectionID? { peers[peer]?.links.first }

    /// Whose link it is, once that is confirmed.
    func peer(of link: ConnectionID) -> [UInt8]? {
        guard case .confirmed(let peer)? = links.read(link, { $0.state }) else { return nil }
        return peer
    }

    func isAway(_ user: ChannelsAccounts.UserID, in channel: ChannelsAwayChannel) -> Bool {
        away[channel]?.contains(user) ?? false
    }
}

/// A channel of another server, by the name of the link to it.
struct ChannelsAwayChannel: Hashable, Sendable {
    let name: [UInt8]
    let host: [UInt8]

    /// `c:host`.
    var shown: [UInt8] { name + [UInt8(ascii: ":")] + host }
}

/// An entry of the peers file, and how far connecting to it has come.
struct ChannelsDial: Sendable {
    let entry: ChannelsPeerEntry
    /// What the last look-up has found; `nil` before the first.
    var addresses: [[UInt8]]?
    /// How long to wait after the next failure.
    var pause = firstPause
    var attempts = 0
    var retryAt: Int64?
    /// Whether it is this server itself, or another entry's.
    var isGivenUp = false

    static let firstPause: Int64 = 250_000_000
    static let longestPause: Int64 = 30_000_000_000

    init(entry: ChannelsPeerEntry) {
        self.entry = entry
        if entry.isNumeric { addresses = [entry.host] }
    }

    var isUnknown: Bool { addresses == nil && !isGivenUp }
}

/// A connection with another server.
struct ChannelsLink: Sendable {
    enum State: Equatable, Sendable {
        /// Dialled: the confirmation is waited for.
        case asked
        /// It has asked, and who it is is being found out.
        case asking(address: [UInt8]?)
        case confirmed(peer: [UInt8])
    }

    /// Which entry was dialled; `nil` for a link that comes in.
    let dial: Int?
    var state: State
    /// Bytes of what users there are told that were sent since all of it is known to have left.
    var unsent = 0
    /// Whether it is to be told when all that was sent has left.
    var awaitsSent = false
}

/// What is known of a server with a confirmed link.
struct ChannelsPeer: Sendable {
    /// In the order of their confirmations.
    var links: [ConnectionID] = []
    /// What it calls itself, as it wrote it last.
    var ownName: [UInt8]?
    var channels: Set<[UInt8]> = []
    /// What its users are still to be told.
    var outbox = ChannelsOutbox()
    /// Whether the log says that it, or all peers, have come to a bound, of channels or of members
    /// here.
    var isPastChannels = false
    var isPastGuests = false
    /// Joins that it has not answered, oldest first.
    var requests: [ChannelsJoinRequest] = []
}

/// A FEDJOIN that was sent.
struct ChannelsJoinRequest: Sendable {
    let number: UInt64
    let user: ChannelsAccounts.UserID
    let channel: [UInt8]
    /// Who waits for the answer; `nil` when nobody does any more.
    var client: ConnectionID?
    /// The channel as the client wrote it; `nil` where a membership was renewed.
    let written: [UInt8]?
}

/// What is waited for, ten seconds each.
enum ChannelsWait: Hashable, Sendable {
    case connect(ConnectTicket)
    /// The confirmation of a dialled link.
    case confirmation(ConnectionID)
    /// Look-ups that may say who has asked.
    case identity(ConnectionID)
    case join(UInt64)

    static let time: Int64 = 10_000_000_000
}
