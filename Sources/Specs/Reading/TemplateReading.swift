// SPDX-License-Identifier: Apache-2.0

import JSONText

extension NodeReader {
    /// A text with `${values}`; a whole number counts as its digits.
    package var template: Template {
        if case .number(let number) = node.value, let value = number.int {
            return Template(literal: Array(String(value).utf8), position: position)
        }
        return Template(parsing: bytes ?? [], position: position, log: log)
    }

    /// The bytes of `{"literal": "text"}` or `{"hex": "c3 28"}`.
    package var literalBytes: [UInt8]? {
        if let literal = self["literal"] { return literal.bytes }
        guard let hex = self["hex"], let text = hex.bytes else { return nil }
        guard let bytes = Self.bytes(hex: text) else {
            hex.note("this is not hexadecimal", advice: "write pairs of digits: \"c3 28\"")
            return []
        }
        return bytes
    }

    private static func bytes(hex text: [UInt8]) -> [UInt8]? {
        let digits = text.filter { $0 != UInt8(ascii: " ") }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[index]), let low = digit(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    package var content: ContentTemplate {
        if isString { return .text(template) }
        if !isObject { noteKind(wanted: "a text, {\"json\": …}, {\"literal\": …} or {\"hex\": …}") }
        if self["json"] != nil { return .json(JSONContent.reading(self)) }
        if isObject { refuseKeys(otherThan: ["json", "literal", "hex"], in: "a message") }
        return .bytes(literalBytes ?? [])
    }
}
