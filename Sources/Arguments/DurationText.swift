// SPDX-License-Identifier: Apache-2.0

/// Times as people write them: `20ms`, `2s`, `1.5s`, `5m`, `1h`; a plain number is seconds.
package enum DurationText {
    /// What would be right, for messages.
    package static let expected = "a time such as 20ms, 2s, 1.5s, 5m or 1h (plain: seconds)"

    /// The time; `nil` where it is none, is over 30 years, or has more than nine digits on a side
    /// of the point.
    package static func parse(_ text: String) -> Duration? {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
        let unit = String(decoding: bytes[digits.count...], as: UTF8.self)
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let nanoseconds = nanoseconds(in: unit), parts.count <= 2,
            parts.allSatisfy({ (1...9).contains($0.count) })
        else { return nil }
        let whole = number(parts[0])
        guard whole <= longest / nanoseconds else { return nil }
        guard parts.count == 2 else { return .nanoseconds(whole * nanoseconds) }
        let scale = parts[1].reduce(Int64(1)) { scale, _ in scale * 10 }
        let fraction = Double(number(parts[1])) / Double(scale) * Double(nanoseconds)
        return .nanoseconds(whole * nanoseconds + Int64(fraction.rounded()))
    }

    /// 30 years in nanoseconds: far from overflow with whatever fraction is added.
    private static let longest: Int64 = 946_080_000_000_000_000

    private static func nanoseconds(in unit: String) -> Int64? {
        switch unit {
        case "ms": 1_000_000
        case "", "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }

    /// At most nine digits: it cannot overflow.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64 {
        digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
