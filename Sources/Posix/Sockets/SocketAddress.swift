// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IP address and a port: one end of a TCP connection.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package var host: IPAddress
    package var port: UInt16

    package init(_ host: IPAddress, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:5000` or `[::1]:5000`.
    package var description: String {
        switch host {
        case .v4: "\(host):\(port)"
        case .v6: "[\(host)]:\(port)"
        }
    }

    /// With IPv4's form of the address, where it has one.
    package var unmapped: SocketAddress { SocketAddress(host.unmapped, port: port) }

    /// Reads what `description` writes; names are the business of `Resolver`.
    package init?(parsing text: String) {
        guard let parts = HostAndPort(parsing: text),
            let host = IPAddress(parsing: parts.host)
        else { return nil }
        self.init(host, port: parts.port)
    }

    /// Calls `body` with the address as the socket calls want it.
    func withSockaddr<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        switch host {
        case .v4(let number):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = number.bigEndian
            return rebound(&address, body)
        case .v6(_, _, let scope):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = host.networkBytes6
            address.sin6_scope_id = scope
            return rebound(&address, body)
        }
    }

    private func rebound<Concrete, Result>(
        _ address: inout Concrete,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Concrete>.size))
            }
        }
    }

    /// Takes what a socket call wrote; `nil` for a family that is not IP.
    init?(_ storage: sockaddr_storage) {
        let found: SocketAddress? = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET: SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self))
            case AF_INET6: SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self))
            default: nil
            }
        }
        guard let found else { return nil }
        self = found
    }

    private init(_ address: sockaddr_in) {
        self.host = .v4(UInt32(bigEndian: address.sin_addr.s_addr))
        self.port = UInt16(bigEndian: address.sin_port)
    }

    private init(_ address: sockaddr_in6) {
        self.host = IPAddress(address.sin6_addr, scope: address.sin6_scope_id)
        self.port = UInt16(bigEndian: address.sin6_port)
    }

    /// Asks a call such as `getsockname` for an address.
    static func reading(
        _ call: String,
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SystemCallError) -> (result: Int32, address: SocketAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { base in
                retryingOnInterrupt { body(base, &length) }
            }
        }
        guard result >= 0 else { throw SystemCallError(call: call) }
        guard let address = SocketAddress(storage) else {
            throw SystemCallError(call: call, code: EAFNOSUPPORT)
        }
        return (result, address)
    }
}
