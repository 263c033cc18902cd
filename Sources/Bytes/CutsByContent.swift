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

    /// After the first byte and in the middle of each string, word (`null`) and number of JSON; and
    /// wherever characters and escapes are cut.
    ///
    /// Bytes that are no JSON are cut by the same marks: quotes, letters, digits.
    static func insideTokens(_ bytes: [UInt8]) -> [Int] {
        var cuts = insideCharacters(bytes) + insideEscapes(bytes)
        var offset = 0
        while offset < bytes.count {
            let end =
                bytes[offset] == UInt8(ascii: "\"")
                ? endOfString(bytes, from: offset) : endOfWord(bytes, from: offset)
            if end - offset > 1 { cuts += [offset + 1, offset + (end - offset) / 2] }
            offset = max(end, offset + 1)
        }
        return cuts
    }

    /// Behind the closing quote of the string that begins at `start`.
    private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
        var offset = start + 1
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
            offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(offset + 1, bytes.count)
    }

    private static func endOfWord(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { !isOfWord($0) } ?? bytes.count
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The UTF-16 code unit of the escape `\uXXXX` at `offset`, where there is one.
    private static func codeUnit(_ bytes: [UInt8], at offset: Int) -> UInt16? {
        guard offset + 6 <= bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else { return nil }
        let digits = bytes[offset + 2..<offset + 6].compactMap(Hexadecimal.value)
        guard digits.count == 4 else { return nil }
        return digits.reduce(0) { $0 << 4 | UInt16($1) }
    }
}
