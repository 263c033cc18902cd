// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols

extension PasswordWork {
    /// What a thread would say, with a hash that is the password with `#` before it.
    package var usualOutcome: PasswordOutcome {
        let hash = [UInt8(ascii: "#")] + password
        switch task {
        case .hash: return .hashed(hash)
        case .verify(let other): return .verified(other == hash)
        }
    }
}
