// SPDX-License-Identifier: Apache-2.0

/// What must survive a restart, and so is stored before it happens where there is a store.
enum JSONChatChange: Equatable {
    case message(JSONChatMessage)
    case room([UInt8])
    case ban([UInt8])
    /// It has left the history already, so that two removals do not mean the same message.
    case removal(JSONChatHistory.Message, from: JSONChatRooms.RoomID)
}

/// What someone has said.
struct JSONChatMessage: Equatable {
    let number: Int64
    let room: JSONChatRooms.RoomID
    let timestamp: [UInt8]
    let author: [UInt8]
    let text: [UInt8]

    /// The response that tells it, without the line feed.
    var response: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + author.count + 100)
        JSONChatResponse.append(.message, text, by: author, at: timestamp, to: &bytes)
        return bytes
    }
}

/// The changes that wait to be stored.
struct JSONChatWrites {
    struct Entry {
        let change: JSONChatChange
        let connection: ConnectionID
    }

    private var entries: [StoreTicket: Entry] = [:]
    private var lastTicket: UInt64 = 0
    /// Rooms and bans that are as good as there.
    private(set) var roomNames: Set<[UInt8]> = []
    var lastMessage: Int64 = 0

    mutating func add(_ entry: Entry) -> StoreTicket {
        lastTicket += 1
        let ticket = StoreTicket(number: lastTicket)
        entries[ticket] = entry
        if case .room(let name) = entry.change { roomNames.insert(name) }
        return ticket
    }

    mutating func take(_ ticket: StoreTicket) -> Entry? {
        let entry = entries.removeValue(forKey: ticket)
        if case .room(let name) = entry?.change { roomNames.remove(name) }
        return entry
    }
}

extension JSONChatServer {
    mutating func say(
        _ text: [UInt8],
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        writes.lastMessage += 1
        let message = JSONChatMessage(
            number: writes.lastMessage,
            room: client.room,
            timestamp: timestamp,
            author: client.name,
            text: text
        )
        make(.message(message), for: client.connection, into: &effects)
    }

    mutating func create(
        _ name: [UInt8],
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        if let problem = problem(ofNewRoom: name) {
            refuse(problem, to: client.connection, into: &effects)
        } else {
            make(.room(name), for: client.connection, into: &effects)
        }
    }

    private func problem(ofNewRoom name: [UInt8]) -> JSONChatText? {
        if !JSONChatNames.isRoomName(name) { return .roomIllegal }
        if rooms.find(name) != nil || writes.roomNames.contains(name) { return .roomExists(name) }
        return rooms.isFull ? .tooManyRooms : nil
    }

    /// Stores a change and makes it happen, or only the latter.
    mutating func make(
        _ change: JSONChatChange,
        for connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard settings.hasStore else {
            happen(change, for: connection, into: &effects)
            return
        }
        let ticket = writes.add(.init(change: change, connection: connection))
        let step = JSONChatStore.step(for: change, rooms)
        effects.store(StoreWrite(ticket: ticket, steps: [step]))
        sessions.update(connection) { $0.waitingWrites += 1 }
    }

    /// Takes note that a change is stored, or is not, and goes on with what waited for it.
    mutating func settle(
        _ ticket: StoreTicket,
        failure: StoreFailure?,
        into effects: inout EffectBuffer
    ) {
        guard let entry = writes.take(ticket) else { return }
        if let failure {
            undo(entry.change)
            refuse(.notStored(failure), to: entry.connection, into: &effects)
        } else {
            happen(entry.change, for: entry.connection, into: &effects)
        }
        goOn(entry.connection, into: &effects)
    }

    private mutating func goOn(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        sessions.update(connection) { $0.waitingWrites = max(0, $0.waitingWrites - 1) }
        while let next = nextHeld(of: connection) {
            act(on: next, from: connection, into: &effects)
        }
        endIfSettled(connection, into: &effects)
    }

    /// The next request that need not wait any longer.
    private mutating func nextHeld(of connection: ConnectionID) -> JSONChatRequest? {
        var next: JSONChatRequest?
        sessions.update(connection) { session in
            guard session.waitingWrites == 0, !session.held.isEmpty else { return }
            next = session.held.removeFirst()
        }
        return next
    }

    private mutating func undo(_ change: JSONChatChange) {
        switch change {
        case .removal(let message, let room): rooms.remember(message, in: room)
        case .message, .room, .ban: break
        }
    }

    private mutating func happen(
        _ change: JSONChatChange,
        for connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch change {
        case .message(let message): tell(message, into: &effects)
        case .room(let name):
            rooms.create(name)
            inform(JSONChatText.roomCreated(name).bytes, connection, into: &effects)
        case .ban(let name):
            ban(name, by: connection, into: &effects)
        case .removal(_, let room):
            let moderator = client(connection)?.name ?? JSONChatResponse.server
            append(.info, JSONChatText.removed(moderator).bytes, to: &effects)
            effects.deliver(to: rooms.members[room])
        }
    }

    private mutating func tell(_ message: JSONChatMessage, into effects: inout EffectBuffer) {
        let response = message.response
        remember(message, response)
        effects.payloads += response
        effects.payloads.append("\n")
        effects.deliver(to: rooms.members[message.room])
    }

    /// Adds a message to the history of its room.
    mutating func remember(_ message: JSONChatMessage, _ response: [UInt8]) {
        var element = response
        if settings.historyElements == .string {
            element = []
            element.append(quoted: response.span)
        }
        rooms.remember(.init(number: message.number, element: element), in: message.room)
    }
}
