// SPDX-License-Identifier: Apache-2.0

/// The channels of a server and who is in them; channels are never removed.
///
/// The page's word is "channel", that of its error text "room". Names are compared as bytes.
struct PaddedRooms {
    /// A channel, by its place in the order of creation.
    typealias RoomID = Int

    private(set) var names: [[UInt8]] = []
    private(set) var members: [MemberList] = []
    private var ids: [[UInt8]: RoomID] = [:]

    func find(_ name: [UInt8]) -> RoomID? { ids[name] }

    /// Makes an empty channel; `nil` where the name is taken or there are too many channels.
    mutating func create(_ name: [UInt8]) -> RoomID? {
        guard ids[name] == nil, names.count < Limits.paddedChannels else { return nil }
        let room = names.count
        names.append(name)
        members.append(MemberList())
        ids[name] = room
        return room
    }

    mutating func enter(_ room: RoomID, _ connection: ConnectionID) {
        members[room].insert(connection)
    }

    mutating func leave(_ room: RoomID, _ connection: ConnectionID) {
        members[room].remove(connection)
    }
}
