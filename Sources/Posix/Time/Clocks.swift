// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Time that only goes forward; for all durations.
package enum MonotonicClock {
    /// Nanoseconds since an arbitrary moment (`clock_gettime(CLOCK_MONOTONIC)`).
    package static var now: Int64 {
        let time = read(CLOCK_MONOTONIC)
        return time.seconds * 1_000_000_000 + Int64(time.nanoseconds)
    }

    /// The moment so many nanoseconds from now; no moment is later than `Int64.max`.
    package static func deadline(after nanoseconds: Int64) -> Int64 {
        let (moment, overflow) = now.addingReportingOverflow(max(0, nanoseconds))
        return overflow ? .max : moment
    }
}

/// The date; for the head of a report and the time stamps of a capture, never for durations.
package enum WallClock {
    /// The time since the epoch (`clock_gettime(CLOCK_REALTIME)`).
    package static var now: WallTime { read(CLOCK_REALTIME) }
}

private func read(_ clock: clockid_t) -> WallTime {
    var time = timespec()
    clock_gettime(clock, &time)
    return WallTime(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
}
