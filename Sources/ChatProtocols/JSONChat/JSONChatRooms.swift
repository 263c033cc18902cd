// SPDX-License-Identifier: Apache-2.0

/// The rooms of a server, who is in them, and what was said there; rooms are never removed.
///
/// Everyone starts in the first one. Names are compared as bytes.
struct JSONChatRooms {
    /// A room, by its place in the order of creation.
    typealias RoomID = Int

    static let common: RoomID = 0
    static let commonName: [UInt8] = Array("common".utf8)

    private(set) var names = [commonName]
    private(set) var members = [MemberList()]
    private(set) var histories = [JSONChatHistory()]
    private var ids: [[UInt8]: RoomID] = [commonName: common]
    private var historyBytes = 0

    func find(_ name: [UInt8]) -> RoomID? { ids[name] }

    var isFull: Bool { names.count >= Limits.jsonRooms }

    /// Makes an empty room; one of that name that is there already stays as it is.
    @discardableResult
    mutating func create(_ name: [UInt8]) -> RoomID {
        if let room = ids[name] { return room }
        let room = names.count
        names.append(name)
        members.append(MemberList())
        histories.append(JSONChatHistory())
        ids[name] = room
        return room
    }

    mutating func enter(_ room: RoomID, _ connection: ConnectionID) {
        members[room].insert(connection)
    }

    mutating func leave(_ room: RoomID, _ connection: ConnectionID) {
        members[room].remove(connection)
    }

    /// Adds a message to a room's history, and forgets as many old ones as the bounds ask for.
    mutating func remember(_ message: JSONChatHistory.Message, in room: RoomID) {
        historyBytes += message.element.count
        histories[room].insert(message)
        while histories[room].isTooLong { removeOldest(of: room) }
        while historyBytes > Limits.jsonHistoriesBytes, let longest { removeOldest(of: longest) }
    }

    /// Takes the n-th newest message out of a room's history.
    mutating func forget(newest n: Int, in room: RoomID) -> JSONChatHistory.Message? {
        guard let message = histories[room].remove(newest: n) else { return nil }
        historyBytes -= message.element.count
        return message
    }

    private mutating func removeOldest(of room: RoomID) {
        historyBytes -= histories[room].byteCount
        histories[room].removeOldest()
        historyBytes += histories[room].byteCount
    }

    private var longest: RoomID? {
        histories.indices.max { histories[$0].byteCount < histories[$1].byteCount }
    }
}
