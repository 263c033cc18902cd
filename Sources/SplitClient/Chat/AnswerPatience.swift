// SPDX-License-Identifier: Apache-2.0

import Posix

/// How long lines may still wait for an answer; told once for each answer.
struct AnswerPatience {
    /// Nanoseconds that an answer is given.
    private let most: Int64
    private var answer = 0
    /// On the monotonic clock; `nil` where no line waits.
    private var end: Int64?

    init(_ nanoseconds: Int64) { most = nanoseconds }

    mutating func stop() { end = nil }

    /// Nanoseconds until the answer of this number is overdue; `nil` when it has just become so.
    mutating func left(for answer: Int) -> Int64? {
        let now = MonotonicClock.now
        let end = answer == self.answer ? end : nil
        guard let end, end <= now else {
            let end = end ?? MonotonicClock.deadline(after: most)
            (self.answer, self.end) = (answer, end)
            return end == .max ? .max : end - now
        }
        self.end = .max
        return nil
    }
}
