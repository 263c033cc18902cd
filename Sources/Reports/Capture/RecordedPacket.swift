// SPDX-License-Identifier: Apache-2.0

/// A packet that was recorded on a network, its link layer's header first.
package struct RecordedPacket: Equatable, Sendable {
    /// Nanoseconds since 1970 (UTC).
    package var time: Int64
    /// Bytes on the wire; more than `bytes` where it was cut off.
    package var length: Int
    package var bytes: [UInt8]

    package init(time: Int64, length: Int, bytes: [UInt8]) {
        self.time = time
        self.length = length
        self.bytes = bytes
    }
}

/// What stands before the IP header; the raw value is that of capture files.
package enum LinkType: UInt16, Equatable, Sendable {
    /// Loopback on Linux, too.
    case ethernet = 1
    case raw = 101
    case linuxCooked = 113
    case linuxCooked2 = 276

    /// From libpcap's number, which differs from that of files for raw IP; `nil` for others.
    package init?(ofCapture number: Int32) {
        let raw: Int32 = 12
        guard let number = UInt16(exactly: number == raw ? 101 : number) else { return nil }
        self.init(rawValue: number)
    }

    /// Where the IP header begins; `nil` where the packet is not IP or too short.
    func offsetOfIP(_ bytes: [UInt8]) -> Int? {
        switch self {
        case .ethernet: Self.behindEthertype(bytes, at: 12)
        case .raw: 0
        case .linuxCooked: Self.behindEthertype(bytes, at: 14)
        case .linuxCooked2: Self.isIP(bytes, at: 0) ? 20 : nil
        }
    }

    /// Passes over tags of virtual networks, of which there are two at most (IEEE 802.1Q).
    private static func behindEthertype(_ bytes: [UInt8], at offset: Int) -> Int? {
        for place in [offset, offset + 4, offset + 8] {
            if isIP(bytes, at: place) { return place + 2 }
            guard bytes.count > place + 1, [0x81, 0x88].contains(bytes[place]) else { return nil }
        }
        return nil
    }

    private static func isIP(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard bytes.count > offset + 1 else { return false }
        let type = [bytes[offset], bytes[offset + 1]]
        return type == [0x08, 0x00] || type == [0x86, 0xDD]
    }
}

/// One end of a recorded connection.
package struct CaptureEnd: Hashable, Sendable {
    /// Four bytes (IPv4) or sixteen (IPv6).
    package var address: [UInt8]
    package var port: UInt16

    package init(address: [UInt8], port: UInt16) {
        self.address = address
        self.port = port
    }
}
