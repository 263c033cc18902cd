// SPDX-License-Identifier: Apache-2.0

/// What must survive a restart, and so is stored before it happens where there is a store.
enum ChannelsChange: Equatable, Sendable {
    case account(name: [UInt8], hash: [UInt8])
    case channel([UInt8])
    case membership(ChannelsAccounts.UserID, ChannelsDirectory.ChannelID)
    case message(ChannelsMessage)
    /// A user of this server in a channel of another one.
    case away(ChannelsAccounts.UserID, ChannelsAwayChannel)
    case notAway(ChannelsAccounts.UserID, ChannelsAwayChannel)
    /// A user of another server in a channel of this one.
    case guest(ChannelsUser, ChannelsDirectory.ChannelID)

    /// How much of what a client may have waiting it takes.
    var size: Int {
        switch self {
        case .message(let message): message.size
        case .account, .channel, .membership, .away, .notAway, .guest: 0
        }
    }

    var isMessage: Bool {
        switch self {
        case .message: true
        case .account, .channel, .membership, .away, .notAway, .guest: false
        }
    }
}

/// The changes that wait to be stored.
struct ChannelsWrites: Sendable {
    struct Entry: Sendable {
        let change: ChannelsChange
        /// Whose further lines may have to wait for it.
        let connection: ConnectionID
        let answer: Answer
    }

    /// Who is told what became of a change.
    enum Answer: Sendable {
        /// The client that has asked.
        case client(ChannelsReply.Kind)
        /// The client for which another server was asked.
        case join(ChannelsJoinRequest)
        /// The server of a user who joins.
        case guestJoins(ChannelsUser, [UInt8])
        /// The server of a user who says something, where that fails.
        case guestSays(ChannelsUser, [UInt8])
        case nobody
    }

    private var entries: [StoreTicket: Entry] = [:]
    private var lastTicket: UInt64 = 0
    var lastMessage: Int64 = 0

    mutating func add(_ entry: Entry) -> StoreTicket {
        lastTicket += 1
        let ticket = StoreTicket(number: lastTicket)
        entries[ticket] = entry
        return ticket
    }

    mutating func take(_ ticket: StoreTicket) -> Entry? { entries.removeValue(forKey: ticket) }
}

extension ChannelsServer {
    /// Stores a change and makes it happen, or only the latter.
    mutating func make(
        _ change: ChannelsChange,
        for connection: ConnectionID,
        answer: ChannelsWrites.Answer,
        into effects: inout EffectBuffer
    ) {
        let entry = ChannelsWrites.Entry(change: change, connection: connection, answer: answer)
        guard settings.hasStore else { return happen(entry, into: &effects) }
        let ticket = writes.add(entry)
        effects.store(StoreWrite(ticket: ticket, steps: [step(for: change)]))
        sessions.update(connection) { session in
            session.waitingWrites += 1
            if change.isMessage { session.waitingMessages += 1 }
            session.waitingBytes += change.size
        }
    }

    /// Takes note that a change is stored, or is not, and goes on with what waited for it.
    mutating func settle(
        _ ticket: StoreTicket,
        failure: StoreFailure?,
        into effects: inout EffectBuffer
    ) {
        guard let entry = writes.take(ticket) else { return }
        sessions.update(entry.connection) { session in
            session.waitingWrites = max(0, session.waitingWrites - 1)
            if entry.change.isMessage {
                session.waitingMessages = max(0, session.waitingMessages - 1)
            }
            session.waitingBytes = max(0, session.waitingBytes - entry.change.size)
        }
        if failure == nil {
            happen(entry, into: &effects)
        } else {
            undo(entry.change)
            answer(entry, false, into: &effects)
        }
        goOn(entry.connection, into: &effects)
    }

    /// Gives back what the change had taken before it was stored.
    private mutating func undo(_ change: ChannelsChange) {
        switch change {
        case .account(let name, _): accounts.release(name)
        case .channel(let name): directory.release(name)
        case .membership, .away: directory.releaseMembership()
        case .guest(let guest, _): directory.releaseGuest(of: guest.host)
        case .message, .notAway: break
        }
    }

    private mutating func happen(
        _ entry: ChannelsWrites.Entry,
        into effects: inout EffectBuffer
    ) {
        switch entry.change {
        case .account(let name, let hash):
            accounts.insert(name, hash: hash)
            answer(entry, true, into: &effects)
        case .channel(let name):
            makeChannel(name)
            answer(entry, true, into: &effects)
            tellPeers(of: name, into: &effects)
        case .membership(let user, let channel):
            join(user, channel)
            answer(entry, true, into: &effects)
            tellHistory(of: channel, to: entry.connection, into: &effects)
        case .message(let message):
            directory.remember(message)
            tell(message, from: entry.connection, into: &effects)
            tellGuests(message, into: &effects)
        case .away(let user, let channel):
            enter(user, channel)
            answer(entry, true, into: &effects)
        case .notAway(let user, let channel):
            federation.away[channel]?.remove(user)
            directory.releaseMembership()
        case .guest(let guest, let channel):
            enter(guest, channel, on: entry.connection)
            answer(entry, true, into: &effects)
            tellHistory(of: channel, to: guest, on: entry.connection, into: &effects)
        }
    }

    private mutating func answer(
        _ entry: ChannelsWrites.Entry,
        _ isDone: Bool,
        into effects: inout EffectBuffer
    ) {
        switch entry.answer {
        case .client(let kind): answer(kind, isDone, to: entry.connection, into: &effects)
        case .join(let request): answer(request, isDone, into: &effects)
        case .guestJoins(let guest, let channel):
            answerJoin(guest, channel, isDone, on: entry.connection, into: &effects)
        case .guestSays(let guest, let channel):
            if !isDone { answerSay(guest, channel, on: entry.connection, into: &effects) }
        case .nobody: break
        }
    }

    /// Makes a user of this server a member of a channel elsewhere.
    mutating func enter(_ user: ChannelsAccounts.UserID, _ channel: ChannelsAwayChannel) {
        let isNew = federation.away[channel, default: []].insert(user).inserted
        if !isNew { directory.releaseMembership() }
    }

    /// Makes a user of another server a member of a channel here.
    mutating func enter(
        _ guest: ChannelsUser,
        _ channel: ChannelsDirectory.ChannelID,
        on link: ConnectionID?
    ) {
        if directory.isMember(guest, of: channel) { directory.releaseGuest(of: guest.host) }
        directory.admit(guest, to: channel, link)
    }

    private func step(for change: ChannelsChange) -> StoreWrite.Step {
        switch change {
        case .account(let name, let hash):
            .init(statement: "add account", values: [.blob(name), .text(hash)])
        case .channel(let name):
            .init(statement: "add channel", values: [.blob(name)])
        case .membership(let user, let channel):
            .init(
                statement: "add member",
                values: member(ChannelsUser(name: accounts[user].name), directory[channel].name)
            )
        case .away(let user, let channel):
            .init(statement: "add member", values: member(user, channel))
        case .notAway(let user, let channel):
            .init(statement: "remove member", values: member(user, channel))
        case .guest(let guest, let channel):
            .init(statement: "add member", values: member(guest, directory[channel].name))
        case .message(let message):
            .init(
                statement: "add message",
                values: [
                    .blob(directory[message.channel].name), .integer(message.number), .text(time),
                    .blob(message.sender.name), .blob(message.sender.host), .blob(message.text),
                ]
            )
        }
    }

    private func member(_ user: ChannelsUser, _ channel: [UInt8]) -> [StoreValue] {
        [.blob(channel), .blob([]), .blob(user.name), .blob(user.host)]
    }

    private func member(
        _ user: ChannelsAccounts.UserID,
        _ channel: ChannelsAwayChannel
    ) -> [StoreValue] {
        [.blob(channel.name), .blob(channel.host), .blob(accounts[user].name), .blob([])]
    }
}
