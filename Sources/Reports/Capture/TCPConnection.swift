// SPDX-License-Identifier: Apache-2.0

import Specs

/// The numbers of one synthesised connection.
///
/// `requested` ▶ `open` ▶ `over`; an open side that has sent its FIN sends nothing more.
struct TCPConnection {
    private enum Phase {
        case requested
        case open
        case over
    }

    private struct Side {
        var end: TCPPacket.End
        /// The number of the next byte that it sends.
        var next: UInt32
        var hasFinished = false
        var packets: UInt16 = 0
    }

    private var phase = Phase.requested
    /// Who sends the first packet.
    private let opener: Direction
    private var client: Side
    private var server: Side

    /// `number` sets the numbers of connections apart.
    init(
        client: TCPPacket.End, server: TCPPacket.End, number: UInt32, opener: Direction = .client
    ) {
        self.opener = opener
        let start = number &* 0x0100_0000
        self.client = Side(end: client, next: start)
        self.server = Side(end: server, next: start &+ 0x8000_0000)
    }

    mutating func request() -> TCPPacket {
        packet(from: opener, [.syn])
    }

    mutating func accept() -> [TCPPacket] {
        guard phase == .requested else { return [] }
        phase = .open
        return [packet(from: opener.opposite, [.syn, .ack]), packet(from: opener, [.ack])]
    }

    mutating func refuse() -> [TCPPacket] {
        guard phase == .requested else { return [] }
        phase = .over
        server.next = 0
        return [packet(from: .server, [.rst, .ack])]
    }

    /// The bytes in as few packets as hold them, each with its acknowledgement.
    mutating func carry(_ bytes: [UInt8], from direction: Direction) -> [TCPPacket] {
        guard phase == .open, !side(direction).hasFinished else { return [] }
        var packets: [TCPPacket] = []
        for start in stride(from: 0, to: bytes.count, by: TCPPacket.longestPayload) {
            let end = min(start + TCPPacket.longestPayload, bytes.count)
            let flags: TCPPacket.Flags = end == bytes.count ? [.psh, .ack] : [.ack]
            packets.append(packet(from: direction, flags, bytes[start..<end]))
            packets.append(packet(from: direction.opposite, [.ack]))
        }
        return packets
    }

    mutating func finish(_ direction: Direction) -> [TCPPacket] {
        guard phase == .open, !side(direction).hasFinished else { return [] }
        let packets = [
            packet(from: direction, [.fin, .ack]), packet(from: direction.opposite, [.ack]),
        ]
        if direction == .client { client.hasFinished = true } else { server.hasFinished = true }
        return packets
    }

    mutating func reset(_ direction: Direction) -> [TCPPacket] {
        guard phase == .open else { return [] }
        phase = .over
        return [packet(from: direction, [.rst, .ack])]
    }

    private func side(_ direction: Direction) -> Side {
        direction == .client ? client : server
    }

    /// One packet; the numbers go on by its bytes, and by one for SYN and FIN.
    private mutating func packet(
        from direction: Direction, _ flags: TCPPacket.Flags, _ payload: ArraySlice<UInt8> = []
    ) -> TCPPacket {
        let (source, destination) = direction == .client ? (client, server) : (server, client)
        let packet = TCPPacket(
            source: source.end, destination: destination.end, sequence: source.next,
            acknowledgement: flags.contains(.ack) ? destination.next : 0, flags: flags,
            payload: payload, identification: source.packets)
        let taken = UInt32(payload.count) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        switch direction {
        case .client:
            client.next &+= taken
            client.packets &+= 1
        case .server:
            server.next &+= taken
            server.packets &+= 1
        }
        return packet
    }
}

extension Direction {
    var opposite: Direction {
        switch self {
        case .client: .server
        case .server: .client
        }
    }
}
