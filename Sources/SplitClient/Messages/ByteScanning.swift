// SPDX-License-Identifier: Apache-2.0

/// Looking for bytes and comparing them, sixteen at a time.
enum ByteScanning {
    private typealias Block = SIMD16<UInt8>
    private typealias Mask = SIMDMask<SIMD16<Int8>>

    @inline(__always)
    private static func block(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Block {
        bytes.loadUnaligned(fromByteOffset: offset, as: Block.self)
    }

    @inline(__always)
    private static func word(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The first lane that is true; its byte in the mask is not zero.
    @inline(__always)
    private static func firstTrue(_ mask: Mask) -> Int? {
        let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        guard halves.x | halves.y != 0 else { return nil }
        let low = UInt64(littleEndian: halves.x)
        if low != 0 { return low.trailingZeroBitCount / 8 }
        return 8 + UInt64(littleEndian: halves.y).trailingZeroBitCount / 8
    }

    @inline(__always)
    private static func areEqual(_ one: Block, _ other: Block) -> Bool {
        let difference = unsafeBitCast(one ^ other, to: SIMD2<UInt64>.self)
        return difference.x | difference.y == 0
    }

    /// Where `byte` stands first, from `start` on.
    static func firstIndex(
        of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        let pattern = Block(repeating: byte)
        var offset = start
        while offset &+ 16 <= bytes.count {
            if let lane = firstTrue(block(in: bytes, at: offset) .== pattern) {
                return offset &+ lane
            }
            offset &+= 16
        }
        while offset < bytes.count {
            if bytes[offset] == byte { return offset }
            offset &+= 1
        }
        return nil
    }

    /// Where a quote or a backslash stands first, from `start` on; the end where there is none.
    static func endOfPlain(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        let (quotes, backslashes) = (Block(repeating: quote), Block(repeating: backslash))
        var offset = start
        while offset &+ 16 <= bytes.count {
            let block = block(in: bytes, at: offset)
            if let lane = firstTrue((block .== quotes) .| (block .== backslashes)) {
                return offset &+ lane
            }
            offset &+= 16
        }
        while offset < bytes.count, bytes[offset] != quote, bytes[offset] != backslash {
            offset &+= 1
        }
        return offset
    }

    /// How many bytes are left when those at the end that are `byte` are left out.
    static func count(of bytes: UnsafeRawBufferPointer, withoutLast byte: UInt8) -> Int {
        let pattern = Block(repeating: byte)
        var end = bytes.count
        while end >= 16, areEqual(block(in: bytes, at: end - 16), pattern) { end -= 16 }
        while end > 0, bytes[end - 1] == byte { end -= 1 }
        return end
    }

    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        let count = one.count
        guard count == other.count else { return false }
        guard count >= 16 else { return areEqual(one, other, lessThan16: count) }
        var offset = 0
        while offset &+ 16 <= count {
            if !areEqual(block(in: one, at: offset), block(in: other, at: offset)) { return false }
            offset &+= 16
        }
        // What is left over is looked at together with what stands before it.
        return areEqual(block(in: one, at: count - 16), block(in: other, at: count - 16))
    }

    private static func areEqual(
        _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, lessThan16 count: Int
    ) -> Bool {
        if count >= 8 {
            return word(in: one, at: 0) == word(in: other, at: 0)
                && word(in: one, at: count - 8) == word(in: other, at: count - 8)
        }
        for offset in 0..<count where one[offset] != other[offset] { return false }
        return true
    }

    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: [UInt8]) -> Bool {
        other.withUnsafeBytes { areEqual(one, $0) }
    }

    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: StaticString) -> Bool {
        areEqual(
            one, UnsafeRawBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
    }

    static func begins(_ bytes: UnsafeRawBufferPointer, with prefix: [UInt8]) -> Bool {
        bytes.count >= prefix.count
            && areEqual(UnsafeRawBufferPointer(rebasing: bytes[..<prefix.count]), prefix)
    }

    static func begins(_ bytes: UnsafeRawBufferPointer, with prefix: StaticString) -> Bool {
        let count = prefix.utf8CodeUnitCount
        return bytes.count >= count
            && areEqual(UnsafeRawBufferPointer(rebasing: bytes[..<count]), prefix)
    }

    /// What stands before `suffix`; `nil` where the bytes do not end with it.
    static func beginning(
        of bytes: UnsafeRawBufferPointer, endingWith suffix: StaticString
    ) -> UnsafeRawBufferPointer? {
        let count = bytes.count - suffix.utf8CodeUnitCount
        guard count >= 0,
            areEqual(UnsafeRawBufferPointer(rebasing: bytes[count...]), suffix)
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    /// The number that so many plain digits spell, 8 at most; 8 bytes are there to be read.
    @inline(__always)
    static func number(
        in bytes: UnsafeRawBufferPointer, at offset: Int, digits count: Int
    ) -> Int? {
        let zeros: UInt64 = 0x3030_3030_3030_3030
        let digits = word(in: bytes, at: offset) << (8 * (8 - count)) | zeros >> (8 * count)
        // A digit has a 3 in its upper half, and still has it when 6 is added.
        let halves: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        guard digits & halves == zeros, (digits &+ 0x0606_0606_0606_0606) & halves == zeros else {
            return nil
        }
        // Neighbours are joined: digits to pairs, pairs to fours, fours to eight.
        let values = digits ^ zeros
        let pairs = (values &* 10 &+ values >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        let eight = (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
        return Int(eight)
    }
}
