// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a clock on the wall and a calendar show in this machine's time zone.
package struct LocalDate: Equatable, Sendable {
    package let year: Int
    /// From 1 to 12.
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    /// From 0 to 60.
    package let second: Int

    /// The date of a moment; the time zone is that of `TZ` or the machine at the first call.
    ///
    /// The corresponding C function is `localtime_r`. A moment whose year has no number becomes the
    /// beginning of 1970.
    package init(_ moment: WallTime) {
        var seconds = time_t(moment.seconds)
        var date = tm()
        if localtime_r(&seconds, &date) == nil {
            date = tm()
            date.tm_year = 70
            date.tm_mday = 1
        }
        year = Int(date.tm_year) + 1900
        month = Int(date.tm_mon) + 1
        day = Int(date.tm_mday)
        hour = Int(date.tm_hour)
        minute = Int(date.tm_min)
        second = Int(date.tm_sec)
    }
}
