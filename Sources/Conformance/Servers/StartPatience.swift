// SPDX-License-Identifier: Apache-2.0

import Posix

/// How long a server that was started may still take to listen.
///
/// The time in which its processes were ready to run and got no processor does not count, so that
/// a busy machine does not end a run; how much of that there can be is bounded by `StarvedTime`.
struct StartPatience {
    private let limit: Int64
    private let began: Int64
    private var starved: StarvedTime
    private var lookedAt: Int64

    /// Often enough to see most of what short-lived processes waited, too seldom to be felt.
    private static let interval: Int64 = 100_000_000

    /// `limit` and `time` are in nanoseconds.
    init(of limit: Int64, at time: Int64) {
        (self.limit, began, lookedAt) = (limit, time, time)
        starved = StarvedTime(at: time)
    }

    /// Zero or less when it has had its time; `look` is asked at the end, and now and then before.
    mutating func left(at time: Int64, _ look: () -> ProcessorWait) -> Int64 {
        if starved.needsFirstLook || time - lookedAt >= Self.interval || counted(time) <= 0 {
            starved.add(look(), at: time)
            lookedAt = time
        }
        return counted(time)
    }

    private func counted(_ time: Int64) -> Int64 { limit + starved.total - (time - began) }
}
