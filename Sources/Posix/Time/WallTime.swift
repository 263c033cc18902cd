// SPDX-License-Identifier: Apache-2.0

/// A moment of the calendar: seconds and nanoseconds since 1970-01-01T00:00:00Z.
package struct WallTime: Hashable, Sendable, CustomStringConvertible {
    package let seconds: Int64
    /// From 0 to 999 999 999.
    package let nanoseconds: Int32

    package init(seconds: Int64, nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Nanoseconds since 1970; the year is one between 1678 and 2262.
    package var sinceEpoch: Int64 { seconds &* 1_000_000_000 &+ Int64(nanoseconds) }

    /// ISO 8601 in UTC with milliseconds: `2025-01-31T23:59:59.042Z`.
    package var description: String {
        let (day, second) = WallTime.floorDivide(seconds, by: 86_400)
        let (year, month, dayOfMonth) = WallTime.date(daysSinceEpoch: day)
        let date = [digits(year, 4), digits(month, 2), digits(dayOfMonth, 2)]
        let time = [digits(second / 3600, 2), digits(second / 60 % 60, 2), digits(second % 60, 2)]
        let milliseconds = digits(Int64(nanoseconds) / 1_000_000, 3)
        let clock = time.joined(separator: ":")
        return date.joined(separator: "-") + "T" + clock + "." + milliseconds + "Z"
    }

    private func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    private static func floorDivide(
        _ number: Int64,
        by divisor: Int64
    ) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The proleptic Gregorian date of a day.
    ///
    /// Counts years from March, so that the leap day is a year's last and every month's first day
    /// is (153 m + 2) / 5 days after the first of March.
    private static func date(
        daysSinceEpoch: Int64
    ) -> (year: Int64, month: Int64, day: Int64) {
        // 0000-03-01 is 719 468 days before the epoch; 400 years have 146 097 days.
        let (era, dayOfEra) = floorDivide(daysSinceEpoch + 719_468, by: 146_097)
        let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }
}
