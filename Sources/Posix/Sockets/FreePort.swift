// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Finds ports for servers that cannot choose one themselves.
package enum FreePort {
    /// Below 32768, where Linux draws the source ports of connections from, so that none of those
    /// takes the port before the server does.
    package static let range: ClosedRange<UInt16> = 10_000...31_999

    /// A port that nobody has bound at `host` at this moment.
    ///
    /// Somebody else may still take it first: a server that finds it in use is to be started on
    /// another. Gives up with `EADDRINUSE` after 1000 ports; other failures of `bind`, such as an
    /// address that is not this machine's, come at once. The corresponding C function is `bind`.
    package static func find(
        on host: IPAddress,
        using random: inout some RandomNumberGenerator
    ) throws(SystemCallError) -> UInt16 {
        var last = SystemCallError(call: "bind", code: EADDRINUSE)
        for _ in 0..<1000 {
            // Not `random(in:)`: a seed must replay in other versions of Swift.
            let port = range.lowerBound + UInt16(random.next() % UInt64(range.count))
            do {
                let probe = try checked("socket") { cshim_socket(host.family) }
                let owner = Descriptor(owning: probe)
                try bindSocket(owner.number, to: SocketAddress(host, port: port))
                return port
            } catch {
                guard error.code == EADDRINUSE || error.code == EACCES else { throw error }
                last = error
            }
        }
        throw last
    }
}
