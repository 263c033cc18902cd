// SPDX-License-Identifier: Apache-2.0

import Posix

/// How long to wait before the next look at what announces nothing: that a segment was taken.
///
///     eager ──▶ patient (several waits in a row were long) ──▶ eager (after a number of waits)
///
/// Rules:
/// - Most receivers take a segment within microseconds of it, if they have a processor: so the
///   first looks of a wait follow at once.
/// - Where they have none, who looks all the time is who keeps them from it: so after several waits
///   in which the looks at once were in vain, waits begin with a pause. Now and then it is tried
///   again whether that is still so.
struct LookPace {
    private enum Manner: Equatable {
        /// So many waits in a row were longer than the looks at once.
        case eager(inVain: Int)
        /// So many waits are left before it is tried again.
        case patient(left: Int)
    }

    private var manner = Manner.eager(inVain: 0)
    private var atOnce = Backoff(immediate: Self.looksAtOnce)
    private var pausing = Backoff(immediate: 0)
    /// Of this wait.
    private var looks = 0

    private static let looksAtOnce = 20
    /// So many waits in vain are no chance.
    private static let habit = 4
    private static let patientWaits = 64

    /// The pause before the next look, in nanoseconds.
    mutating func next() -> Int64 {
        looks += 1
        switch manner {
        case .eager: return atOnce.next()
        case .patient: return pausing.next()
        }
    }

    /// Something has happened: the wait is over, if it was one.
    mutating func noteMove() {
        guard looks > 0 else { return }
        manner = next(after: manner)
        looks = 0
        atOnce.reset()
        pausing.reset()
    }

    private func next(after manner: Manner) -> Manner {
        switch manner {
        case .eager where looks <= Self.looksAtOnce: .eager(inVain: 0)
        case .eager(let waits) where waits + 1 >= Self.habit: .patient(left: Self.patientWaits)
        case .eager(let waits): .eager(inVain: waits + 1)
        case .patient(let left) where left > 1: .patient(left: left - 1)
        // One wait in vain is enough to know that it is still so.
        case .patient: .eager(inVain: Self.habit - 1)
        }
    }
}
