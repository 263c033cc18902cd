// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Texts in JSON strings, written into and read from buffers that are used again.
enum JSONStringCoding {
    /// Appends `text` as it stands between quotes: what must be escaped is, UTF-8 stays.
    static func append(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        var start = 0
        for offset in 0..<text.count where isEscaped(text[offset]) {
            let byte = text[offset]
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<offset]))
            if byte < 0x20 {
                out.append(contentsOf: "\\u00".utf8)
                out.append(contentsOf: Hexadecimal.digits(of: byte))
            } else {
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            }
            start = offset + 1
        }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Appends what the bytes between two quotes stand for; `false` for an escape that is none.
    static func decode(_ bytes: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Bool {
        var offset = 0
        while let escape = ByteScanning.firstIndex(
            of: UInt8(ascii: "\\"), in: bytes, from: offset)
        {
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[offset..<escape]))
            guard let length = decodeEscape(bytes, at: escape, into: &out) else { return false }
            offset = escape + length
        }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        return true
    }

    /// The length of the escape at `offset`; `nil` where there is none.
    private static func decodeEscape(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, into out: inout [UInt8]
    ) -> Int? {
        guard offset + 1 < bytes.count else { return nil }
        let letter = bytes[offset + 1]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(letter)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"): return decodeUnits(bytes, at: offset, into: &out)
        default: return nil
        }
        return 2
    }

    private static func decodeUnits(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, into out: inout [UInt8]
    ) -> Int? {
        guard let first = codeUnit(bytes, at: offset) else { return nil }
        if let scalar = Unicode.Scalar(first) {
            out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return 6
        }
        guard (0xD800...0xDBFF).contains(first), let second = codeUnit(bytes, at: offset + 6),
            (0xDC00...0xDFFF).contains(second)
        else { return nil }
        let value = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { return nil }
        out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return 12
    }

    private static func codeUnit(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32? {
        guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt32 = 0
        for position in offset + 2..<offset + 6 {
            guard let digit = Hexadecimal.value(of: bytes[position]) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
