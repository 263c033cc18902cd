// SPDX-License-Identifier: Apache-2.0

/// A number that changes with anything that is added: to see whether two things are the same.
///
/// 64 bits of FNV-1a. No protection against who wants two things to look the same.
package struct Fingerprint: Sendable {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Adds bytes as they are; what is added in two parts is the same as in one.
    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// Adds bytes, and where they end.
    package mutating func add(whole bytes: some Collection<UInt8>) {
        add(bytes.count)
        add(bytes)
    }

    package mutating func add(_ text: String) { add(whole: text.utf8) }

    package mutating func add(_ number: Int) {
        withUnsafeBytes(of: number.littleEndian) { add($0) }
    }

    /// Sixteen hexadecimal digits.
    package var digits: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
