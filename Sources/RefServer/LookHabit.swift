// SPDX-License-Identifier: Apache-2.0

/// Whether a turn looks at what is ready before it waits.
///
/// A look that finds something saves the dearer wait (see `Poller`); one that finds nothing is a
/// call for nothing, and over a thousand idle clients a long one. So where a look has found nothing,
/// some turns wait at once.
struct LookHabit {
    /// How many turns wait at once after a look that found nothing.
    private static let abstinence = 8

    private var turnsToWait = 0

    /// Whether this turn looks first; to be asked once a turn.
    mutating func isDue() -> Bool {
        guard turnsToWait > 0 else { return true }
        turnsToWait -= 1
        return false
    }

    /// To be told what a look has come to.
    mutating func note(foundSomething: Bool) {
        turnsToWait = foundSomething ? 0 : Self.abstinence
    }
}
