// SPDX-License-Identifier: Apache-2.0

/// What the digits of a seed decide.
///
///     57 258411
///      │ └──────  how long names and texts are, and of what kinds of characters
///      └────────  which letters of these kinds; none: as the others draw them
///
/// So a case can be run again and again on one server, under names that it does not know yet, and
/// every byte of its messages stays where it was: an offset keeps its meaning.
package enum PlanSeed {
    /// Seeds that are alike below this draw the same shapes.
    private static let shapes: UInt64 = 1_000_000

    static func shape(of seed: UInt64) -> UInt64 { seed % shapes }

    static func hasLettersOfItsOwn(_ seed: UInt64) -> Bool { seed >= shapes }

    /// A seed with the shapes of `seed` and other letters, other ones for each number; 0 is itself.
    package static func variant(_ number: UInt64, of seed: UInt64) -> UInt64 {
        let letters = (seed / shapes &+ number) % (UInt64.max / shapes)
        return letters * shapes + seed % shapes
    }
}
