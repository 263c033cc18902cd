// SPDX-License-Identifier: Apache-2.0

extension JSONError {
    /// What is wrong, and what would be right, without the place.
    package var message: String {
        switch reason {
        case .unexpected(let byte, let expected):
            "\(Self.shown(byte)) stands where \(expected.words)\(Self.hint(byte, expected))"
        case .misspelledLiteral(let literal):
            "this is no word of JSON; \(literal.rawValue) would be"
        case .invalidUTF8(let byte):
            "\(Self.shown(byte)) is not valid here in UTF-8; strings are UTF-8"
        case .controlCharacter(let byte):
            "a raw control character in a string; write \(Self.escape(of: byte))"
        case .unknownEscape(let byte):
            "\(Self.shown(byte)) follows a backslash; "
                + #"possible are \" \\ \/ \b \f \n \r \t and \uXXXX"#
        case .incompleteUnicodeEscape:
            "four hexadecimal digits must follow \\u"
        case .loneSurrogate(let unit):
            "\\u\(Self.hexadecimal(unit, 4)) is half of a surrogate pair; both halves must stand "
                + "together, the high one (D800-DBFF) first"
        case .leadingZero:
            "a number does not begin with 0 and another digit; leave the 0 out"
        case .digitMissing(let part):
            "a digit must follow \(part) of a number"
        case .tooDeep(let limit):
            "nested deeper than \(limit) arrays and objects"
        case .tooLong(let limit):
            "the value is longer than \(limit) bytes"
        case .endsInside(let unit, let start):
            "the text ends inside \(unit.rawValue) that begins at \(start)"
        case .noValue:
            "there is no value; one was expected"
        case .moreThanOneValue:
            "the value has ended; nothing but white space may follow it"
        case .duplicateKey(let key, let first):
            "the key \(Self.shown(key: key)) stands at \(first), too; each may stand once"
        }
    }

    /// What people who write other languages need to be told.
    private static func hint(_ byte: UInt8, _ expected: JSONExpectation) -> String {
        switch byte {
        case UInt8(ascii: "'"): "; strings and keys stand between double quotes"
        case UInt8(ascii: "/"), UInt8(ascii: "#"): "; JSON has no comments"
        case UInt8(ascii: "+"): "; a number has no plus sign"
        case UInt8(ascii: "."): "; a digit must stand before the point"
        case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "N"), UInt8(ascii: "I"):
            "; the words are true, false and null, and numbers are finite"
        case UInt8(ascii: "]"), UInt8(ascii: "}"): expected.followsComma ? "; remove the comma" : ""
        case 0xEF: "; a byte order mark does not belong here"
        default: ""
        }
    }

    private static func shown(_ byte: UInt8) -> String {
        switch byte {
        case 0x0A: "the end of the line"
        case 0x21...0x7E: String(Unicode.Scalar(byte))
        default: "the byte 0x\(hexadecimal(UInt16(byte), 2))"
        }
    }

    private static func escape(of byte: UInt8) -> String {
        switch byte {
        case 0x08: "\\b"
        case 0x09: "\\t"
        case 0x0A: "\\n"
        case 0x0C: "\\f"
        case 0x0D: "\\r"
        default: "\\u\(hexadecimal(UInt16(byte), 4))"
        }
    }

    private static func shown(key: [UInt8]) -> String {
        var output = JSONOutput(style: JSONStyle(isIndented: false, escapesInvisible: true))
        output.string(String(decoding: key.prefix(64), as: UTF8.self))
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ value: UInt16, _ width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
