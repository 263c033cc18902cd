// SPDX-License-Identifier: Apache-2.0

/// Times as people read them; nanoseconds in.
enum TimeText {
    /// With three digits that count: `0.04 ms`, `12.3 ms`, `1.20 s`, `3 min 5 s`.
    static func duration(_ nanoseconds: Int64) -> String {
        let microseconds = max(0, nanoseconds) / 1000
        if microseconds >= 120_000_000 {
            let seconds = microseconds / 1_000_000
            return "\(seconds / 60) min \(seconds % 60) s"
        }
        if microseconds >= 1_000_000 { return decimal(microseconds / 10_000, digits: 2) + " s" }
        if microseconds >= 10_000 { return decimal(microseconds / 100, digits: 1) + " ms" }
        return decimal(microseconds / 10, digits: 2) + " ms"
    }

    /// Milliseconds with three decimals: all times of one list alike.
    static func milliseconds(_ nanoseconds: Int64) -> String {
        decimal(max(0, nanoseconds) / 1000, digits: 3) + " ms"
    }

    private static func decimal(_ value: Int64, digits: Int) -> String {
        var text = String(value)
        if text.count <= digits {
            text = String(repeating: "0", count: digits + 1 - text.count) + text
        }
        return text.dropLast(digits) + "." + text.suffix(digits)
    }
}
