// SPDX-License-Identifier: Apache-2.0

/// What stands at one offset of bytes that should be UTF-8.
package enum UTF8Character: Equatable, Sendable {
    /// A whole, valid character of `length` bytes.
    case scalar(Unicode.Scalar, length: Int)
    /// The bytes end inside a character that is valid so far.
    case incomplete
    /// A byte that begins no valid character.
    case invalid
}

extension UTF8Character {
    /// Reads the character that begins at `offset`.
    ///
    /// Overlong forms, surrogates and values past U+10FFFF are `invalid`, as RFC 3629, section 4,
    /// has it; so is an `offset` outside `bytes`.
    package static func at<Buffer: RandomAccessCollection>(
        _ offset: Int,
        in bytes: Buffer
    ) -> UTF8Character where Buffer.Element == UInt8, Buffer.Index == Int {
        guard offset >= bytes.startIndex, offset < bytes.endIndex else { return .invalid }
        let first = bytes[offset]
        guard first >= 0x80 else { return .scalar(Unicode.Scalar(first), length: 1) }
        guard let shape = Shape(first: first) else { return .invalid }
        var value = shape.bits
        for index in 1..<shape.length {
            guard offset + index < bytes.endIndex else { return .incomplete }
            let byte = bytes[offset + index]
            let allowed = index == 1 ? shape.second : 0x80...0xBF
            guard allowed.contains(byte) else { return .invalid }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return .invalid }
        return .scalar(scalar, length: shape.length)
    }

    /// Bytes to step over: a byte that begins no whole character counts as a character.
    package var length: Int {
        switch self {
        case .scalar(_, let length): length
        case .incomplete, .invalid: 1
        }
    }
}

/// What the first byte of a multi-byte character says about the bytes after it.
private struct Shape {
    var length: Int
    var bits: UInt32
    /// The only place where overlong forms, surrogates and too great values show themselves.
    var second: ClosedRange<UInt8>

    init?(first: UInt8) {
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        bits = UInt32(first) & (0x7F >> UInt32(length))
        second =
            switch first {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
    }
}
