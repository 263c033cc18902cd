// SPDX-License-Identifier: Apache-2.0

/// Hexadecimal digits, as ASCII bytes.
package enum Hexadecimal {
    /// The two lower-case digits of a byte.
    package static func digits(of byte: UInt8) -> [UInt8] {
        [digit(byte >> 4), digit(byte & 0x0F)]
    }

    /// The value of one digit of either case; `nil` for any other byte.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    /// `value` in lower case, with zeros in front up to `width` digits.
    package static func text(_ value: Int, width: Int) -> String {
        let digits = String(UInt(bitPattern: value), radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    static func upperCased(_ digit: UInt8) -> UInt8 {
        digit >= 0x61 ? digit - 0x20 : digit
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x61 + value - 10
    }
}
