// SPDX-License-Identifier: Apache-2.0

/// Looking for bytes and comparing them, eight at a time.
enum ByteScanning {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Where `byte` stands first, from `start` on.
    static func firstIndex(
        of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        let pattern = UInt64(byte) &* ones
        var offset = start
        while offset + 8 <= bytes.count {
            let word = UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let difference = word ^ pattern
            // The lowest top bit that is left stands in the first byte that is equal.
            let found = (difference &- ones) & ~difference & tops
            if found != 0 { return offset + found.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < bytes.count {
            if bytes[offset] == byte { return offset }
            offset += 1
        }
        return nil
    }

    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count else { return false }
        var offset = 0
        while offset + 8 <= one.count {
            let left = one.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let right = other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if left != right { return false }
            offset += 8
        }
        while offset < one.count {
            if one[offset] != other[offset] { return false }
            offset += 1
        }
        return true
    }

    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: [UInt8]) -> Bool {
        other.withUnsafeBytes { areEqual(one, $0) }
    }

    static func begins(_ bytes: UnsafeRawBufferPointer, with prefix: [UInt8]) -> Bool {
        bytes.count >= prefix.count
            && areEqual(UnsafeRawBufferPointer(rebasing: bytes[..<prefix.count]), prefix)
    }

    /// The number that the bytes of `range` spell in plain digits; at most 18 of them.
    static func number(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 18, range.upperBound <= bytes.count else { return nil }
        var number = 0
        for offset in range {
            let digit = bytes[offset] &- 0x30
            guard digit < 10 else { return nil }
            number = 10 * number + Int(digit)
        }
        return number
    }
}
