// SPDX-License-Identifier: Apache-2.0

import Posix
import Synchronization

/// The ports that our servers have or are about to have.
///
/// A port is free for the kernel until its server listens; by then another job could have given it
/// to a server of its own, and each would take the other's listener for its own.
final class PortClaims: Sendable {
    private let claimed = Mutex<Set<UInt16>>([])

    /// A port that nobody has bound at `host` and that none of our servers is about to bind.
    func claim(
        on host: IPAddress, using random: inout some RandomNumberGenerator
    ) throws(SystemCallError) -> PortClaim {
        while true {
            let port = try FreePort.find(on: host, using: &random)
            if claimed.withLock({ $0.insert(port).inserted }) {
                return PortClaim(port: port, claims: self)
            }
        }
    }

    fileprivate func release(_ port: UInt16) {
        claimed.withLock { _ = $0.remove(port) }
    }
}

/// One port, ours for as long as this lives.
final class PortClaim: Sendable {
    let port: UInt16
    private let claims: PortClaims

    fileprivate init(port: UInt16, claims: PortClaims) {
        self.port = port
        self.claims = claims
    }

    deinit { claims.release(port) }
}
