// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A network interface of this machine.
package struct NetworkInterface: Hashable, Sendable {
    package let name: String
    package let isLoopback: Bool
    package let isUp: Bool

    package init(name: String, isLoopback: Bool, isUp: Bool = true) {
        self.name = name
        self.isLoopback = isLoopback
        self.isUp = isUp
    }

    /// The interface over which packets go to an address; `nil` where there is none.
    ///
    /// Talk with an address of this machine goes over loopback, whatever interface has the address.
    /// Sends nothing. The corresponding calls are rtnetlink's `RTM_GETROUTE` and `getifaddrs`.
    package static func towards(
        _ address: SocketAddress
    ) throws(SystemCallError) -> NetworkInterface? {
        let index = address.host.bytes.withUnsafeBufferPointer {
            cshim_route_interface(address.host.family, $0.baseAddress, address.host.scope)
        }
        if index == 0 { return try loopback() }
        guard index > 0, let name = name(of: UInt32(index)) else {
            return try bySource(towards: address)
        }
        return try all().first { $0.interface.name == name }?.interface
    }

    /// The interface that has the address from which packets leave, where routes are not told.
    private static func bySource(
        towards address: SocketAddress
    ) throws(SystemCallError) -> NetworkInterface? {
        let number = try checked("socket") {
            socket(address.host.family, Int32(SOCK_DGRAM.rawValue), 0)
        }
        let probe = Descriptor(owning: number)
        let result = address.withSockaddr { connect(probe.number, $0, $1) }
        guard result == 0 else { throw SystemCallError(call: "connect") }
        let ours = try boundAddress(of: probe.number).host.unscoped
        let isHere = ours == address.host.unscoped
        return try all().first { isHere ? $0.interface.isLoopback : $0.host == ours }?.interface
    }

    /// The corresponding C function is `if_indextoname`.
    static func name(of index: UInt32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
            if_indextoname(index, buffer.baseAddress).map { String(cString: $0) }
        }
    }

    /// The interface by which this machine talks with itself; `nil` where there is none.
    package static func loopback() throws(SystemCallError) -> NetworkInterface? {
        try all().first { $0.interface.isLoopback }?.interface
    }

    private static func all() throws(SystemCallError) -> [Found] {
        var first: UnsafeMutablePointer<ifaddrs>?
        try checked("getifaddrs") { getifaddrs(&first) }
        defer { freeifaddrs(first) }
        var found: [Found] = []
        var next = first
        while let entry = next?.pointee {
            let isLoopback = entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0
            let interface = NetworkInterface(
                name: String(cString: entry.ifa_name), isLoopback: isLoopback,
                isUp: entry.ifa_flags & UInt32(IFF_UP) != 0)
            found.append(Found(interface: interface, host: entry.ifa_addr.flatMap(host)))
            next = entry.ifa_next
        }
        return found
    }

    private struct Found {
        var interface: NetworkInterface
        var host: IPAddress?
    }

    private static func host(_ address: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        var storage = sockaddr_storage()
        let size =
            switch Int32(address.pointee.sa_family) {
            case AF_INET: MemoryLayout<sockaddr_in>.size
            case AF_INET6: MemoryLayout<sockaddr_in6>.size
            default: 0
            }
        withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: size))
        }
        return SocketAddress(storage)?.host.unscoped
    }
}

extension IPAddress {
    /// The same without its scope.
    fileprivate var unscoped: IPAddress {
        switch self {
        case .v4: self
        case .v6(let high, let low, _): .v6(high, low, scope: 0)
        }
    }
}
