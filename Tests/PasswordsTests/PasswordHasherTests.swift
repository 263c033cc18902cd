// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Passwords

@Suite("Passwords")
struct PasswordHasherTests {
    private let hasher: PasswordHasher

    init() throws { hasher = try PasswordHasher(.least) }

    @Test("the password of a hash is right, any other is not")
    func verify() throws {
        for password in ["x", "pass word", "密码🐱", "a\u{0}b", String(repeating: "x", count: 60_000)]
        {
            let bytes = Array(password.utf8)
            let hash = try #require(hasher.hash(bytes))
            #expect(hasher.verify(bytes, against: hash))
            #expect(!hasher.verify(bytes + [0x20], against: hash))
            #expect(!hasher.verify(bytes.dropLast(), against: hash))
        }
    }

    @Test("a hash is Argon2id, and another one each time")
    func hash() throws {
        let (one, other) = (hasher.hash(Array("x".utf8)), hasher.hash(Array("x".utf8)))
        #expect(one != other)
        #expect(one?.starts(with: "$argon2id$v=19$m=8,t=1,p=1$".utf8) == true)
        #expect(one?.contains(0) == false)
    }

    @Test("without a hash, and with what is none, every password is wrong")
    func none() {
        for password in ["", "x"] {
            #expect(!hasher.verify(Array(password.utf8), against: nil))
            #expect(!hasher.verify(Array(password.utf8), against: Array("$argon2id$".utf8)))
            #expect(!hasher.verify(Array(password.utf8), against: Array(repeating: 65, count: 500)))
        }
    }

    @Test("an unknown user's password takes as much work as a known one's")
    func decoy() throws {
        let hasher = try PasswordHasher(.interactive)
        let hash = try #require(hasher.hash(Array("x".utf8)))
        let clock = ContinuousClock()
        let known = clock.measure { _ = hasher.verify(Array("y".utf8), against: hash) }
        let unknown = clock.measure { _ = hasher.verify(Array("y".utf8), against: nil) }
        // A decoy that cannot be read takes no time at all; machines that are busy take any.
        #expect(unknown > known / 20)
    }
}
