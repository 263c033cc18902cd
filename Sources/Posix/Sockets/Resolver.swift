// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A host name that has no address.
package struct ResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    package let host: String
    /// What `getaddrinfo` says, such as `Name or service not known`.
    package let reason: String

    package var description: String { "cannot find the address of \(host): \(reason)" }
}

/// Finds the addresses of a name.
package enum Resolver {
    /// Returns the addresses of `host`, the system's favourite first, each once, never none.
    ///
    /// Numeric addresses need no look-up. A look-up blocks, for seconds where the network is bad.
    /// The corresponding C function is `getaddrinfo`.
    package static func resolve(
        host: String,
        port: UInt16
    ) throws(ResolutionError) -> [SocketAddress] {
        if let number = IPAddress(parsing: host) { return [SocketAddress(number, port: port)] }
        if let reason = wrongScope(host) { throw ResolutionError(host: host, reason: reason) }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard result == 0 else {
            throw ResolutionError(host: host, reason: String(cString: gai_strerror(result)))
        }
        let found = addresses(in: list)
        guard !found.isEmpty else { throw ResolutionError(host: host, reason: "no IP address") }
        return found
    }

    /// What is wrong with a numeric address that names an interface.
    private static func wrongScope(_ host: String) -> String? {
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let number = IPAddress(parsing: String(parts[0])) else {
            return nil
        }
        return number.isLinkLocal
            ? "there is no interface \(parts[1])"
            : "only link-local addresses (fe80::...) have an interface; leave out %\(parts[1])"
    }

    private static func addresses(in list: UnsafeMutablePointer<addrinfo>?) -> [SocketAddress] {
        var found: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = address(of: entry), !found.contains(address) else { continue }
            found.append(address)
        }
        return found
    }

    private static func address(of entry: addrinfo) -> SocketAddress? {
        guard let source = entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { bytes in
            let size = min(Int(entry.ai_addrlen), bytes.count)
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: size))
        }
        return SocketAddress(storage)
    }
}
