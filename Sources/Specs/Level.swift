// SPDX-License-Identifier: Apache-2.0

/// How much a requirement weighs (the key of the protocol pages).
///
/// Ordered by weight, so that the lesser of two is `min`.
package enum Level: String, CaseIterable, Comparable, Sendable {
    /// Left open: observed and reported, never failed.
    case open = "O"
    /// The norm among implementations: a warning.
    case should = "S"
    /// Stated by the source, with no other sensible reading.
    case must = "M"

    private var weight: Int {
        switch self {
        case .open: 0
        case .should: 1
        case .must: 2
        }
    }

    package static func < (left: Level, right: Level) -> Bool { left.weight < right.weight }
}
