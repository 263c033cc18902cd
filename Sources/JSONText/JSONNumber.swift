// SPDX-License-Identifier: Apache-2.0

/// A number as it is spelled.
package struct JSONNumber: Equatable, Sendable {
    /// The ASCII bytes, exactly as they stood.
    package let text: [UInt8]

    /// For the reader, which has checked the spelling.
    init(text: [UInt8]) {
        self.text = text
    }

    package init(_ value: Int) {
        text = Array(String(value).utf8)
    }

    /// The number, where it is written as a whole one and fits.
    ///
    /// `nil` for any spelling with a fraction or an exponent: `1.0`, `1e2`.
    package var int: Int? {
        Int(String(decoding: text, as: UTF8.self))
    }

    /// The nearest number that a double can hold; `nil` where it is out of range.
    package var double: Double? {
        let value = Double(String(decoding: text, as: UTF8.self))
        return value.flatMap { $0.isFinite ? $0 : nil }
    }
}
