// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// Hashes passwords with Argon2id, and compares them with hashes.
///
/// Any thread may use one, many at once. A hash says itself what it cost, so that it can be
/// compared with whatever the cost is by then.
package struct PasswordHasher: Sendable {
    /// How much work a hash is.
    package enum Cost: Sendable {
        /// Two passes over 64 MiB: some 90 ms.
        case interactive
        /// One pass over 8 KiB, for tests: no protection.
        case least
    }

    private let cost: Cost

    /// Fails where the library cannot be used at all.
    ///
    /// The corresponding C function is `sodium_init`.
    package init(_ cost: Cost) throws(PasswordLibraryError) {
        guard sodium_init() >= 0 else { throw PasswordLibraryError() }
        self.cost = cost
    }

    /// What may be stored of a password: ASCII without NUL; `nil` where memory is short.
    ///
    /// The corresponding C function is `crypto_pwhash_str_alg`.
    package func hash(_ password: [UInt8]) -> [UInt8]? {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_strbytes()))
        let code = crypto_pwhash_str_alg(
            &text,
            terminated(password),
            UInt64(password.count),
            operations,
            memory,
            crypto_pwhash_alg_argon2id13()
        )
        guard code == 0 else { return nil }
        return text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    }

    /// Whether this is the password of a hash; never, where there is none, after as much work.
    ///
    /// The corresponding C function is `crypto_pwhash_str_verify`.
    package func verify(_ password: [UInt8], against hash: [UInt8]?) -> Bool {
        let capacity = Int(crypto_pwhash_strbytes())
        var text = (hash ?? decoy).prefix(capacity - 1).map { CChar(bitPattern: $0) }
        text += repeatElement(0, count: capacity - text.count)
        let count = UInt64(password.count)
        let code = crypto_pwhash_str_verify(text, terminated(password), count)
        return code == 0 && hash != nil
    }

    /// With a NUL behind it, so that no bytes have an address, too.
    private func terminated(_ password: [UInt8]) -> [CChar] {
        password.map { CChar(bitPattern: $0) } + [0]
    }

    private var operations: UInt64 {
        switch cost {
        case .interactive: csodium_interactive_operations()
        case .least: csodium_least_operations()
        }
    }

    private var memory: Int {
        switch cost {
        case .interactive: csodium_interactive_memory()
        case .least: csodium_least_memory()
        }
    }

    /// A hash of the usual cost, of a password that nobody knows.
    private var decoy: [UInt8] {
        let parameters = "$argon2id$v=19$m=\(memory / 1024),t=\(operations),p=1$"
        let salt = String(repeating: "A", count: 22)
        let hash = String(repeating: "A", count: 43)
        return Array("\(parameters)\(salt)$\(hash)".utf8)
    }
}

/// The library that hashes passwords cannot be used.
package struct PasswordLibraryError: Error, CustomStringConvertible {
    package var description: String { "libsodium, which hashes passwords, cannot be used here" }
}
