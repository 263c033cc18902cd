// SPDX-License-Identifier: Apache-2.0

/// Cuts where a reader that takes segments for messages breaks its content.
enum CutsByContent {
    /// After the first byte of each valid character of several bytes.
    static func insideCharacters(_ bytes: [UInt8]) -> [Int] {
        var cuts: [Int] = []
        var offset = 0
        while offset < bytes.count {
            let length = UTF8Character.at(offset, in: bytes).length
            if length > 1 { cuts.append(offset + 1) }
            offset += length
        }
        return cuts
    }

    /// After the backslash of each escape; in `\uXXXX` in the middle of the digits, too, and
    /// between the halves of a surrogate pair.
    static func insideEscapes(_ bytes: [UInt8]) -> [Int] {
        var cuts: [Int] = []
        var offset = 0
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "\\") else {
                offset += 1
                continue
            }
            cuts.append(offset + 1)
            if let unit = codeUnit(bytes, at: offset) {
                cuts.append(offset + 4)
                if (0xD800...0xDBFF).contains(unit) { cuts.append(offset + 6) }
            }
            offset += 2
        }
        return cuts
    }

    /// The UTF-16 code unit of the escape `\uXXXX` at `offset`, where there is one.
    private static func codeUnit(_ bytes: [UInt8], at offset: Int) -> UInt16? {
        guard offset + 6 <= bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else { return nil }
        let digits = bytes[offset + 2..<offset + 6].compactMap(Hexadecimal.value)
        guard digits.count == 4 else { return nil }
        return digits.reduce(0) { $0 << 4 | UInt16($1) }
    }
}
