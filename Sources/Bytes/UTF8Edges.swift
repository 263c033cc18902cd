// SPDX-License-Identifier: Apache-2.0

/// Where UTF-8 characters begin and end, for those who cut and shorten text.
///
/// A byte that is part of no valid character counts as one character. All is done on bytes, in
/// linear time or better; no `String` is made.
package enum UTF8Edges {
    /// The offset at which an unfinished last character begins; `nil` where the bytes end whole.
    ///
    /// Looks at the last three bytes only: a longer beginning would be a whole character.
    package static func startOfIncompleteCharacter<Buffer: RandomAccessCollection>(
        in bytes: Buffer
    ) -> Int? where Buffer.Element == UInt8, Buffer.Index == Int {
        let earliest = max(bytes.startIndex, bytes.endIndex - 3)
        return (earliest..<bytes.endIndex).first { offset in
            UTF8Character.at(offset, in: bytes) == .incomplete
        }
    }

    /// The longest beginning of at most `limit` bytes that ends with a whole character.
    ///
    /// Constant time: UTF-8 tells the first byte of a character from the others, so only the
    /// three bytes before the limit can begin one that passes it.
    package static func prefix<Buffer: RandomAccessCollection>(
        of bytes: Buffer,
        fitting limit: Int
    ) -> Buffer.SubSequence where Buffer.Element == UInt8, Buffer.Index == Int {
        guard bytes.count > max(limit, 0) else { return bytes[...] }
        let end = bytes.startIndex + max(limit, 0)
        let earliest = max(bytes.startIndex, end - 3)
        for offset in earliest..<end
        where offset + UTF8Character.at(offset, in: bytes).length > end {
            return bytes[..<offset]
        }
        return bytes[..<end]
    }

    /// How many characters there are.
    package static func characterCount<Buffer: RandomAccessCollection>(
        of bytes: Buffer
    ) -> Int where Buffer.Element == UInt8, Buffer.Index == Int {
        var count = 0
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            // Most bytes are characters by themselves, and need no closer look.
            offset += bytes[offset] < 0x80 ? 1 : UTF8Character.at(offset, in: bytes).length
            count += 1
        }
        return count
    }
}
