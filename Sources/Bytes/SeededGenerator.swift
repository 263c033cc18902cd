// SPDX-License-Identifier: Apache-2.0

/// Numbers that a seed repeats, on every machine and with every compiler.
///
/// SplitMix64. It is no `RandomNumberGenerator` on purpose: what the standard library draws from
/// one may change between Swift versions, and then a printed seed would not replay.
package struct SeededGenerator: Equatable, Sendable {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number from 0 up to, and without, `bound`; 0 where the bound is 0 or less.
    ///
    /// A remainder: the small numbers of a very great bound are a little more frequent.
    package mutating func next(below bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(truncatingIfNeeded: next() % UInt64(bound))
    }

    /// A generator of its own for one purpose.
    ///
    /// It depends on the seed and the label alone, not on what was drawn before: a new purpose
    /// does not change the numbers of the others.
    package func derived(for label: some Sequence<UInt8>) -> SeededGenerator {
        SeededGenerator(seed: Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ FNV1a.hash(label))
    }

    /// A generator of its own for the purpose that `label` names.
    package func derived(for label: String) -> SeededGenerator {
        derived(for: label.utf8)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// The 64-bit FNV-1a hash: the same on every machine, unlike `Hasher`.
package enum FNV1a {
    /// The hash of nothing.
    @inlinable package static var empty: UInt64 { 0xCBF2_9CE4_8422_2325 }

    /// The hash of what `hash` is of and one byte more.
    @inlinable package static func hash(_ hash: UInt64, adding byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    @inlinable package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = empty
        for byte in bytes { hash = self.hash(hash, adding: byte) }
        return hash
    }
}
