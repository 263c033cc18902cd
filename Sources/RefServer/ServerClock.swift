// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

/// The time as machines are told it; the calendar is asked once a second.
struct ServerClock {
    private var second: Int64?
    private var local = LocalTime(year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0)

    mutating func now() -> ServerTime {
        let moment = WallClock.now
        if moment.seconds != second {
            second = moment.seconds
            local = LocalTime(LocalDate(moment))
        }
        return ServerTime(elapsed: MonotonicClock.now, local: local)
    }
}

extension LocalTime {
    fileprivate init(_ date: LocalDate) {
        self.init(
            year: date.year,
            month: date.month,
            day: date.day,
            hour: date.hour,
            minute: date.minute,
            second: date.second
        )
    }
}
