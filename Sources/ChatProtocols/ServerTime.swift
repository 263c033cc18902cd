// SPDX-License-Identifier: Apache-2.0

/// The time, as a machine is told it: one clock for durations, one for people.
package struct ServerTime: Equatable, Sendable {
    /// Nanoseconds since an arbitrary moment; never goes back.
    package let elapsed: Int64

    /// What a clock on the wall shows where the server runs.
    package let local: LocalTime

    package init(elapsed: Int64, local: LocalTime) {
        self.elapsed = elapsed
        self.local = local
    }

    /// What a machine believes that has not been told yet.
    static let unknown = ServerTime(
        elapsed: 0,
        local: LocalTime(year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    )
}

/// A date and a time of day to the second, in no particular time zone.
package struct LocalTime: Equatable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    package init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// `YYYY-MM-DD HH:MM:SS`.
    package var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(digits: year, width: 4)
        bytes.append("-")
        bytes.append(digits: month, width: 2)
        bytes.append("-")
        bytes.append(digits: day, width: 2)
        bytes.append(" ")
        bytes.append(digits: hour, width: 2)
        bytes.append(":")
        bytes.append(digits: minute, width: 2)
        bytes.append(":")
        bytes.append(digits: second, width: 2)
        return bytes
    }
}

extension [UInt8] {
    /// Writes a number with zeros in front of it.
    fileprivate mutating func append(digits number: Int, width: Int) {
        let digits = String(number).utf8
        append(contentsOf: repeatElement(0x30, count: Swift.max(0, width - digits.count)))
        append(contentsOf: digits)
    }
}
