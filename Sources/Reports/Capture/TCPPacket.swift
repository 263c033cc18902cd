// SPDX-License-Identifier: Apache-2.0

/// One TCP segment in an IPv4 or IPv6 packet (RFC 791, RFC 8200, RFC 9293).
struct TCPPacket {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let fin = Flags(rawValue: 0x01)
        static let syn = Flags(rawValue: 0x02)
        static let rst = Flags(rawValue: 0x04)
        static let psh = Flags(rawValue: 0x08)
        static let ack = Flags(rawValue: 0x10)
    }

    /// Bytes of one packet that has room for both IP headers.
    static let longestPayload = 65_475

    struct End {
        var address: [UInt8]
        var port: UInt16
    }

    var source: End
    var destination: End
    var sequence: UInt32
    var acknowledgement: UInt32
    var flags: Flags
    var payload: ArraySlice<UInt8> = []
    /// Number of the packet among those of its source (IPv4).
    var identification: UInt16

    var bytes: [UInt8] {
        let segment = checkedSegment
        return (source.address.count == 4 ? header4(segment.count) : header6(segment.count))
            + segment
    }

    /// The segment with its checksum, which covers addresses and length, too.
    private var checkedSegment: [UInt8] {
        var segment = big(source.port) + big(destination.port) + big(sequence)
        segment += big(acknowledgement)
        let options = flags.contains(.syn) ? [2, 4] + big(UInt16(Self.longestPayload)) : []
        segment += [UInt8((20 + options.count) / 4) << 4, flags.rawValue]
        segment += big(UInt16.max) + [0, 0] + [0, 0] + options + payload
        let pseudo =
            source.address + destination.address
            + (source.address.count == 4
                ? [0, Self.tcp] + big(UInt16(segment.count))
                : big(UInt32(segment.count)) + [0, 0, 0, Self.tcp])
        segment.replaceSubrange(16..<18, with: big(Self.checksum(pseudo, segment)))
        return segment
    }

    private func header4(_ length: Int) -> [UInt8] {
        let doNotFragment: [UInt8] = [0x40, 0]
        var header: [UInt8] = [0x45, 0] + big(UInt16(20 + length)) + big(identification)
        header += doNotFragment + [Self.hops, Self.tcp, 0, 0]
        header += source.address + destination.address
        header.replaceSubrange(10..<12, with: big(Self.checksum(header, [])))
        return header
    }

    private func header6(_ length: Int) -> [UInt8] {
        [0x60, 0, 0, 0] + big(UInt16(length)) + [Self.tcp, Self.hops] + source.address
            + destination.address
    }

    private static let tcp: UInt8 = 6
    private static let hops: UInt8 = 64

    /// The Internet checksum (RFC 1071) over two runs, the first one of an even length.
    private static func checksum(_ first: [UInt8], _ second: [UInt8]) -> UInt16 {
        var sum = add(first) + add(second)
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(truncatingIfNeeded: sum)
    }

    private static func add(_ bytes: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            sum += index.isMultiple(of: 2) ? UInt64(byte) << 8 : UInt64(byte)
        }
        return sum
    }

    private func big(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
