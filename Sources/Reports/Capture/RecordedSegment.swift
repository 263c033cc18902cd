// SPDX-License-Identifier: Apache-2.0

/// What is read of a recorded TCP segment (RFC 791, RFC 8200, RFC 9293).
///
/// Made from what came over a network: all of it may be wrong or cut off.
struct RecordedSegment: Equatable {
    var source: CaptureEnd
    var destination: CaptureEnd
    var sequence: UInt32
    var acknowledgement: UInt32
    var flags: TCPPacket.Flags
    /// Bytes of payload on the wire.
    var length: Int

    private static let tcp: UInt8 = 6

    /// `nil` for what is no TCP over IP.
    init?(_ packet: RecordedPacket, _ linkType: LinkType) {
        guard let start = linkType.offsetOfIP(packet.bytes), start < packet.bytes.count else {
            return nil
        }
        switch packet.bytes[start] >> 4 {
        case 4: self.init(version4: Reader(packet, from: start))
        case 6: self.init(version6: Reader(packet, from: start))
        default: return nil
        }
    }

    private init?(version4 reader: Reader) {
        guard let first = reader.byte(0), reader.byte(9) == Self.tcp,
            let source = reader.bytes(12, 4), let destination = reader.bytes(16, 4),
            let total = reader.number(2, 2)
        else { return nil }
        // Zero where the kernel was to cut it into several, and it was too long to say so.
        let end = total == 0 ? reader.length : Int(total)
        self.init(reader, at: Int(first & 15) * 4, end: end, source, destination)
    }

    private init?(version6 reader: Reader) {
        guard let source = reader.bytes(8, 16), let destination = reader.bytes(24, 16),
            let payload = reader.number(4, 2), var next = reader.byte(6)
        else { return nil }
        let end = payload == 0 ? reader.length : 40 + Int(payload)
        var offset = 40
        // Options of hops and of the destination, and routing, in any order.
        while [0, 43, 60].contains(next), offset < end {
            guard let following = reader.byte(offset), let length = reader.byte(offset + 1) else {
                return nil
            }
            next = following
            offset += 8 + Int(length) * 8
        }
        guard next == Self.tcp else { return nil }
        self.init(reader, at: offset, end: end, source, destination)
    }

    private init?(
        _ reader: Reader, at start: Int, end: Int, _ source: [UInt8], _ destination: [UInt8]
    ) {
        guard let from = reader.number(start, 2), let to = reader.number(start + 2, 2),
            let sequence = reader.number(start + 4, 4),
            let acknowledgement = reader.number(start + 8, 4),
            let size = reader.byte(start + 12), let flags = reader.byte(start + 13)
        else { return nil }
        self.source = CaptureEnd(address: source, port: UInt16(truncatingIfNeeded: from))
        self.destination = CaptureEnd(address: destination, port: UInt16(truncatingIfNeeded: to))
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = TCPPacket.Flags(rawValue: flags)
        length = max(0, end - start - Int(size >> 4) * 4)
    }

    /// Big-endian numbers from the IP header on.
    private struct Reader {
        let all: [UInt8]
        let start: Int
        /// Bytes on the wire from `start` on.
        let length: Int

        init(_ packet: RecordedPacket, from start: Int) {
            all = packet.bytes
            self.start = start
            length = packet.length - start
        }

        func byte(_ offset: Int) -> UInt8? {
            all.indices.contains(start + offset) ? all[start + offset] : nil
        }

        func bytes(_ offset: Int, _ count: Int) -> [UInt8]? {
            let first = start + offset
            return first + count <= all.count ? Array(all[first..<(first + count)]) : nil
        }

        func number(_ offset: Int, _ count: Int) -> UInt32? {
            bytes(offset, count)?.reduce(0) { $0 << 8 | UInt32($1) }
        }
    }
}
