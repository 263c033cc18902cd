// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A numeric IPv4 or IPv6 address.
package enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// In host order: 127.0.0.1 is `0x7F00_0001`.
    case v4(UInt32)
    /// The upper and lower half in host order; the scope is an interface index, 0 where none.
    case v6(UInt64, UInt64, scope: UInt32)

    package static let loopback4 = IPAddress.v4(0x7F00_0001)
    package static let loopback6 = IPAddress.v6(0, 1, scope: 0)

    /// Every address of this machine, of the same family, for who listens.
    package var everyAddress: IPAddress {
        switch self {
        case .v4: .v4(0)
        case .v6: .v6(0, 0, scope: 0)
        }
    }

    /// The same as IPv4 address where it is one in IPv6's form (`::ffff:127.0.0.1`).
    ///
    /// Source: RFC 4291, section 2.5.5.2.
    package var unmapped: IPAddress {
        guard case .v6(0, let low, _) = self, low >> 32 == 0xFFFF else { return self }
        return .v4(UInt32(truncatingIfNeeded: low))
    }

    /// Whether it is one of 127.0.0.0/8.
    package var isLoopback4: Bool {
        if case .v4(let number) = self { number >> 24 == 127 } else { false }
    }

    /// Reads `127.0.0.1`, `::1` or `fe80::1%eth0`; `nil` for names and everything else.
    ///
    /// The interface, by name or number, must be there, and belongs to link-local addresses only.
    /// The corresponding C functions are `inet_pton` and `if_nametoindex`.
    package init?(parsing text: String) {
        var four = in_addr()
        var six = in6_addr()
        if let percent = text.utf8.firstIndex(of: UInt8(ascii: "%")) {
            let zone = String(text[text.utf8.index(after: percent)...])
            guard inet_pton(AF_INET6, String(text[..<percent]), &six) == 1,
                IPAddress(six, scope: 0).isLinkLocal, let scope = IPAddress.scope(zone)
            else { return nil }
            self.init(six, scope: scope)
        } else if inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six, scope: 0)
        } else {
            return nil
        }
    }

    private static func scope(_ zone: String) -> UInt32? {
        let index = if_nametoindex(zone)
        return index == 0 ? UInt32(zone).flatMap { $0 == 0 ? nil : $0 } : index
    }

    init(_ address: in6_addr, scope: UInt32) {
        let halves = withUnsafeBytes(of: address) {
            (
                $0.loadUnaligned(as: UInt64.self),
                $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
        self = .v6(UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1), scope: scope)
    }

    /// The number as `inet_ntop` writes it, without brackets, with the interface of its scope.
    package var description: String { number + (scope == 0 ? "" : "%\(scopeName)") }

    /// The same without an interface.
    package var number: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let text =
                switch self {
                case .v4(let number):
                    withUnsafePointer(to: number.bigEndian) {
                        inet_ntop(AF_INET, $0, buffer.baseAddress, 64)
                    }
                case .v6:
                    withUnsafePointer(to: networkBytes6) {
                        inet_ntop(AF_INET6, $0, buffer.baseAddress, 64)
                    }
                }
            return text.map { String(cString: $0) } ?? "?"
        }
    }

    /// `AF_INET` or `AF_INET6`.
    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    /// Whether it is one of fe80::/10, which mean something on one interface alone.
    package var isLinkLocal: Bool {
        if case .v6(let high, _, _) = self { high >> 54 == 0xFE80 >> 6 } else { false }
    }

    /// What is missing of a link-local address that does not say on which interface it is.
    package var lackOfScope: String? {
        guard isLinkLocal, scope == 0 else { return nil }
        return "\(self) is a link-local address, which needs the name of its interface: "
            + "\(self)%eth0, say (`ip -6 address` shows which)"
    }

    var scope: UInt32 {
        if case .v6(_, _, let scope) = self { scope } else { 0 }
    }

    private var scopeName: String { NetworkInterface.name(of: scope) ?? String(scope) }

    /// The 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: networkBytes6) { all in
            switch self {
            case .v4: Array(all.prefix(4))
            case .v6: Array(all)
            }
        }
    }

    /// The 16 bytes in network order; an IPv4 address fills the first four.
    var networkBytes6: in6_addr {
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) { bytes in
            switch self {
            case .v4(let number):
                bytes.storeBytes(of: number.bigEndian, as: UInt32.self)
            case .v6(let high, let low, _):
                bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
        }
        return address
    }

    /// The address that listens on every interface, of the same family.
    package var anyOfFamily: IPAddress {
        switch self {
        case .v4: .v4(0)
        case .v6: .v6(0, 0, scope: 0)
        }
    }
}
