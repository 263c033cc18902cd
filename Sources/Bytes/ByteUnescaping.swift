// SPDX-License-Identifier: Apache-2.0

/// Escaped text that stands for no bytes.
package struct EscapeError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// A backslash ends the text.
        case nothingAfterBackslash
        /// A letter after the backslash that means nothing.
        case unknown(String)
        /// `\x` without two hexadecimal digits.
        case twoDigitsExpected
        /// `\u` without one to six hexadecimal digits in braces.
        case bracesExpected
        /// A number that is no Unicode character.
        case noCharacter(String)
    }

    /// The offset of the escape's backslash, in bytes of the text's UTF-8, from 0.
    package var position: Int
    package var reason: Reason

    package var description: String {
        "\(what) at offset \(position); "
            + #"possible are \n \r \t \0 \\ \" \xNN (one byte) and \u{N...} (one character)"#
    }

    private var what: String {
        switch reason {
        case .nothingAfterBackslash: "nothing follows the backslash"
        case .unknown(let escape): "unknown escape \\\(escape)"
        case .twoDigitsExpected: "\\x is not followed by two hexadecimal digits"
        case .bracesExpected: "\\u is not followed by one to six hexadecimal digits in braces"
        case .noCharacter(let digits): "\\u{\(digits)} is no Unicode character"
        }
    }
}

extension ByteEscaping {
    /// The bytes that `text` stands for.
    ///
    /// Accepts what `escape` and `quoted` write, and `\u{...}`; other characters stand for their
    /// UTF-8. Throws `EscapeError` with the offset of the escape that means nothing.
    package static func unescape(_ text: String) throws(EscapeError) -> [UInt8] {
        var reader = EscapeReader(text: Array(text.utf8))
        var bytes: [UInt8] = []
        while let byte = reader.take() {
            if byte == 0x5C {
                bytes += try reader.escape()
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

private struct EscapeReader {
    let text: [UInt8]
    var offset = 0

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func take() -> UInt8? {
        guard offset < text.count else { return nil }
        defer { offset += 1 }
        return text[offset]
    }

    /// Reads what follows a backslash that was just taken.
    mutating func escape() throws(EscapeError) -> [UInt8] {
        let start = offset - 1
        guard let letter = take() else {
            throw EscapeError(position: start, reason: .nothingAfterBackslash)
        }
        switch letter {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "0"): return [0x00]
        case 0x22, 0x5C: return [letter]
        case UInt8(ascii: "x"): return [try byte(start: start)]
        case UInt8(ascii: "u"): return try character(start: start)
        default: throw EscapeError(position: start, reason: .unknown(shown(at: offset - 1)))
        }
    }

    private mutating func byte(start: Int) throws(EscapeError) -> UInt8 {
        guard let high = take().flatMap(Hexadecimal.value),
            let low = take().flatMap(Hexadecimal.value)
        else { throw EscapeError(position: start, reason: .twoDigitsExpected) }
        return high << 4 | low
    }

    private mutating func character(start: Int) throws(EscapeError) -> [UInt8] {
        let expected = EscapeError(position: start, reason: .bracesExpected)
        guard take() == UInt8(ascii: "{") else { throw expected }
        var digits: [UInt8] = []
        var value: UInt32 = 0
        while let next = take(), next != UInt8(ascii: "}") {
            guard let digit = Hexadecimal.value(of: next), digits.count < 6 else { throw expected }
            digits.append(next)
            value = value << 4 | UInt32(digit)
        }
        guard !digits.isEmpty, text[offset - 1] == UInt8(ascii: "}") else { throw expected }
        guard let scalar = Unicode.Scalar(value) else {
            let shown = String(decoding: digits, as: UTF8.self)
            throw EscapeError(position: start, reason: .noCharacter(shown))
        }
        return Array(String(scalar).utf8)
    }

    private func shown(at offset: Int) -> String {
        let length = UTF8Character.at(offset, in: text).length
        return ByteEscaping.escape(text[offset..<(offset + length)])
    }
}
