// SPDX-License-Identifier: Apache-2.0

@testable import Reports
@testable import Specs

/// A network on which connections to port 9000 of loopback are seen, made of plain TCP packets.
struct Wire {
    static let ethernet4 = [UInt8](repeating: 0, count: 12) + [0x08, 0x00]
    static let ethernet6 = [UInt8](repeating: 0, count: 12) + [0x86, 0xDD]

    private(set) var packets: [RecordedPacket] = []
    private var connections: [UInt16: TCPConnection] = [:]
    private var time: Int64
    private let linkHeader: [UInt8]
    private let address: [UInt8]

    init(linkHeader: [UInt8] = ethernet4, started: Int64, version6: Bool = false) {
        self.linkHeader = linkHeader
        time = started
        address = version6 ? [UInt8](repeating: 0, count: 15) + [1] : [127, 0, 0, 1]
    }

    private mutating func see(_ new: [TCPPacket]) {
        for packet in new {
            time += 10_000
            let bytes = linkHeader + packet.bytes
            packets.append(RecordedPacket(time: time, length: bytes.count, bytes: bytes))
        }
    }

    private mutating func connection(_ port: UInt16) -> TCPConnection {
        connections[port]
            ?? TCPConnection(
                client: .init(address: address, port: port),
                // Near the end of the numbers, so that they begin anew within the talk.
                server: .init(address: address, port: 9000), number: .max)
    }

    mutating func connect(_ port: UInt16) {
        var connection = connection(port)
        see([connection.request()])
        see(connection.accept())
        connections[port] = connection
    }

    /// The other side opens a connection to a port of ours.
    mutating func accept(_ port: UInt16, from theirs: UInt16) {
        var connection = TCPConnection(
            client: .init(address: address, port: port),
            server: .init(address: address, port: theirs), number: 7, opener: .server)
        see([connection.request()])
        see(connection.accept())
        connections[port] = connection
    }

    mutating func refuse(_ port: UInt16) {
        var connection = connection(port)
        see([connection.request()])
        see(connection.refuse())
    }

    mutating func say(_ bytes: [UInt8], from direction: Direction, _ port: UInt16) {
        var connection = connection(port)
        see(connection.carry(bytes, from: direction))
        connections[port] = connection
    }
}
