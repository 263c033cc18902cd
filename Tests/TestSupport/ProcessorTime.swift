// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a piece of work costs, whatever else the machine does meanwhile.
package enum ProcessorTime {
    /// Nanoseconds of processor time of this thread, the least of several repetitions.
    package static func least(of repetitions: Int = 5, _ work: () -> Void) -> Int64 {
        var least = Int64.max
        for _ in 0..<repetitions {
            let before = now
            work()
            least = min(least, now - before)
        }
        return least
    }

    /// `clock_gettime` with `CLOCK_THREAD_CPUTIME_ID`.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
