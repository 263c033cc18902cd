// SPDX-License-Identifier: Apache-2.0

import Posix

/// An address that cannot be listened on.
struct ListenError: Error, CustomStringConvertible {
    let address: SocketAddress
    let cause: SystemCallError

    var description: String {
        "cannot listen on \(address): \(cause.reason); "
            + (cause.isForeignAddress
                ? "choose an address of this machine, or 0.0.0.0 for all of them"
                : "choose another port, or 0 for a free one")
    }
}

/// How the server comes to its listener.
enum Listening {
    /// Raises the limit of descriptors as far as it goes, then listens.
    static func open(_ address: SocketAddress) throws(ListenError) -> Listener {
        // Where it cannot be raised the server has fewer descriptors, which it survives.
        _ = try? DescriptorLimits.raise()
        do {
            return try Listener(on: address)
        } catch {
            throw ListenError(address: address, cause: error)
        }
    }
}
