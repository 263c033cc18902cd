// SPDX-License-Identifier: Apache-2.0

/// Bytes as text for people and terminals, and back.
///
/// Printable UTF-8 stays as it is. A backslash, and what a terminal would obey or not show, is
/// written as an escape: `\\ \n \r \t \0`, and `\xNN` for each other byte. Nothing that comes out
/// can move a cursor, reorder a line or hide.
package enum ByteEscaping {
    /// Writes `bytes` so that `unescape` gives exactly them back.
    package static func escape(_ bytes: some Sequence<UInt8>) -> String {
        escape(Array(bytes), quote: false)
    }

    /// Writes `bytes` between double quotes; a quote inside is written `\"`.
    package static func quoted(_ bytes: some Sequence<UInt8>) -> String {
        "\"" + escape(Array(bytes), quote: true) + "\""
    }

    /// Whether `bytes` are valid UTF-8 that can be shown as it is.
    ///
    /// A line feed, a tab and a backslash are text here; everything else that `escape` would
    /// write as an escape is not.
    package static func isPrintableText(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var offset = 0
        while offset < bytes.count {
            let character = UTF8Character.at(offset, in: bytes)
            guard character.isShown || bytes[offset] == 0x0A || bytes[offset] == 0x09 else {
                return false
            }
            offset += character.length
        }
        return true
    }

    private static func escape(_ bytes: [UInt8], quote: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 16)
        var offset = 0
        while offset < bytes.count {
            let character = UTF8Character.at(offset, in: bytes)
            let part = bytes[offset..<(offset + character.length)]
            if let letter = shortEscape(of: bytes[offset], quote: quote) {
                text += [0x5C, letter]
            } else if character.isShown {
                text += part
            } else {
                for byte in part { text += hexadecimalEscape(of: byte) }
            }
            offset += character.length
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The letter after the backslash, for the bytes that have one.
    private static func shortEscape(of byte: UInt8, quote: Bool) -> UInt8? {
        switch byte {
        case 0x00: UInt8(ascii: "0")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0D: UInt8(ascii: "r")
        case 0x22: quote ? byte : nil
        case 0x5C: byte
        default: nil
        }
    }

    private static func hexadecimalEscape(of byte: UInt8) -> [UInt8] {
        [0x5C, UInt8(ascii: "x")] + Hexadecimal.digits(of: byte).map(Hexadecimal.upperCased)
    }
}

extension UTF8Character {
    /// Whether the character is valid and leaves a mark (or a space) where it stands.
    fileprivate var isShown: Bool {
        switch self {
        case .incomplete, .invalid: false
        case .scalar(let scalar, length: 1): (0x20...0x7E).contains(scalar.value)
        case .scalar(let scalar, _): scalar.isShown
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isShown: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        default:
            !properties.isDefaultIgnorableCodePoint
        }
    }
}
