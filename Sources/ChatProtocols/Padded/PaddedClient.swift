// SPDX-License-Identifier: Apache-2.0

/// A client that has given its name, as its commands see it.
struct PaddedClient {
    let connection: ConnectionID
    let name: [UInt8]
    let room: PaddedRooms.RoomID?
}
