// SPDX-License-Identifier: Apache-2.0

import Testing

/// Reads what the tests need of a pcapng file, strictly; written apart from the writer.
struct CaptureFile {
    struct Packet {
        var time: UInt64
        var bytes: [UInt8]
        var comments: [String]
    }

    struct Damaged: Error {
        var what: String
    }

    private(set) var blockTypes: [UInt32] = []
    private(set) var packets: [Packet] = []
    private(set) var linkType = 0
    private(set) var timeResolution: UInt8 = 6

    init(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            guard bytes.count - offset >= 12 else { throw Damaged(what: "a block's head") }
            let length = Int(Self.number(bytes, offset + 4, 4))
            guard length % 4 == 0, length >= 12, offset + length <= bytes.count,
                Self.number(bytes, offset + length - 4, 4) == UInt64(length)
            else { throw Damaged(what: "a block's length at \(offset)") }
            let type = UInt32(Self.number(bytes, offset, 4))
            blockTypes.append(type)
            try read(type, Array(bytes[(offset + 8)..<(offset + length - 4)]))
            offset += length
        }
    }

    private mutating func read(_ type: UInt32, _ body: [UInt8]) throws {
        switch type {
        case 0x0A0D_0D0A:
            guard Self.number(body, 0, 4) == 0x1A2B_3C4D else { throw Damaged(what: "byte order") }
            _ = try options(body, from: 16)
        case 1:
            linkType = Int(Self.number(body, 0, 2))
            for option in try options(body, from: 8) where option.code == 9 {
                timeResolution = option.value[0]
            }
        case 6:
            let captured = Int(Self.number(body, 12, 4))
            guard Self.number(body, 16, 4) == UInt64(captured), 20 + captured <= body.count else {
                throw Damaged(what: "a packet's length")
            }
            let found = try options(body, from: 20 + (captured + 3) / 4 * 4)
            packets.append(
                Packet(
                    time: Self.number(body, 4, 4) << 32 | Self.number(body, 8, 4),
                    bytes: Array(body[20..<(20 + captured)]),
                    comments: found.filter { $0.code == 1 }.map {
                        String(decoding: $0.value, as: UTF8.self)
                    }))
        default: throw Damaged(what: "block type \(type)")
        }
    }

    private func options(
        _ body: [UInt8], from start: Int
    ) throws -> [(code: UInt64, value: [UInt8])] {
        var found: [(code: UInt64, value: [UInt8])] = []
        var offset = start
        while offset < body.count {
            let code = Self.number(body, offset, 2)
            let length = Int(Self.number(body, offset + 2, 2))
            guard offset + 4 + length <= body.count else { throw Damaged(what: "an option") }
            if code == 0 {
                guard offset + 4 == body.count else { throw Damaged(what: "the options' end") }
                return found
            }
            found.append((code, Array(body[(offset + 4)..<(offset + 4 + length)])))
            offset += 4 + (length + 3) / 4 * 4
        }
        guard found.isEmpty else { throw Damaged(what: "options without end") }
        return found
    }

    static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// What the tests need of a TCP packet, with its checksums looked at.
struct CapturedSegment {
    static let fin: UInt8 = 1
    static let syn: UInt8 = 2
    static let rst: UInt8 = 4

    var source: Int
    var destination: Int
    var sequence: UInt32
    var acknowledgement: UInt32
    var flags: UInt8
    var payload: [UInt8]

    init(_ packet: [UInt8]) throws {
        let isVersion4 = packet[0] >> 4 == 4
        let start = isVersion4 ? 20 : 40
        let segment = Array(packet[start...])
        let length = segment.count
        let pseudo: [UInt8]
        if isVersion4 {
            #expect(Self.sum(Array(packet[..<20])) == 0xFFFF, "IPv4 header checksum")
            #expect(Int(packet[2]) << 8 | Int(packet[3]) == packet.count)
            pseudo = packet[12..<20] + [0, 6, UInt8(length >> 8), UInt8(length & 255)]
        } else {
            #expect(Int(packet[4]) << 8 | Int(packet[5]) == length)
            pseudo =
                packet[8..<40] + [0, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0, 0, 6]
        }
        #expect(Self.sum(pseudo + segment) == 0xFFFF, "TCP checksum")
        func big(_ offset: Int, _ count: Int) -> UInt32 {
            segment[offset..<(offset + count)].reduce(0) { $0 << 8 | UInt32($1) }
        }
        source = Int(big(0, 2))
        destination = Int(big(2, 2))
        sequence = big(4, 4)
        acknowledgement = big(8, 4)
        flags = segment[13]
        payload = Array(segment[(Int(segment[12] >> 4) * 4)...])
    }

    /// The ones' complement sum, which is all ones over data with a right checksum in it.
    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        let even = bytes.count % 2 == 0 ? bytes : bytes + [0]
        return stride(from: 0, to: even.count, by: 2).reduce(UInt32(0)) { sum, index in
            let next = sum + UInt32(even[index]) * 256 + UInt32(even[index + 1])
            return next > 0xFFFF ? next - 0xFFFF : next
        }
    }
}
