// SPDX-License-Identifier: Apache-2.0

import Posix

/// How long a server may still take for one thing after the other, each with a number of its own;
/// that it has taken too long is told once for each.
struct Patience {
    /// Nanoseconds that each is given.
    private let most: Int64
    private var number = 0
    /// On the monotonic clock; `nil` where nothing is waited for.
    private var end: Int64?

    init(_ nanoseconds: Int64) { most = nanoseconds }

    mutating func stop() { end = nil }

    /// Nanoseconds until the thing of this number is overdue; `nil` when it has just become so.
    mutating func left(for number: Int) -> Int64? {
        let now = MonotonicClock.now
        let end = number == self.number ? end : nil
        guard let end, end <= now else {
            let end = end ?? MonotonicClock.deadline(after: most)
            (self.number, self.end) = (number, end)
            return end == .max ? .max : end - now
        }
        self.end = .max
        return nil
    }
}
