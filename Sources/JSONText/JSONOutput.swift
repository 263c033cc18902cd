// SPDX-License-Identifier: Apache-2.0

/// How JSON is written.
package struct JSONStyle: Equatable, Sendable {
    /// One member or element a line, two spaces a level, a line feed at the end.
    package var isIndented: Bool
    /// Writes as `\uXXXX` also what a terminal would obey or not show: C1 controls, DEL, format
    /// characters such as direction marks, line and paragraph separators.
    package var escapesInvisible: Bool

    package init(isIndented: Bool, escapesInvisible: Bool) {
        self.isIndented = isIndented
        self.escapesInvisible = escapesInvisible
    }

    /// For the wire: no white space, and only the escapes that RFC 8259 asks for.
    package static let compact = JSONStyle(isIndented: false, escapesInvisible: false)
    /// For files that people read.
    package static let pretty = JSONStyle(isIndented: true, escapesInvisible: true)
}

/// The bytes written so far; knows how things are spelled, not what may follow what.
package struct JSONOutput {
    let style: JSONStyle
    var bytes: [UInt8] = []
    private var level = 0

    init(style: JSONStyle) {
        self.style = style
    }

    mutating func raw(_ text: String) {
        bytes += text.utf8
    }

    /// Begins an array or object.
    mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        level += 1
    }

    /// Ends an array or object.
    mutating func close(_ bracket: UInt8, isEmpty: Bool) {
        level -= 1
        if !isEmpty { lineBreak() }
        bytes.append(bracket)
    }

    /// What stands before an element or a key.
    mutating func separate(isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        lineBreak()
    }

    mutating func key(_ text: String) {
        string(text)
        raw(style.isIndented ? ": " : ":")
    }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
            bytes += text.utf8
        } else {
            for scalar in text.unicodeScalars { character(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func lineBreak() {
        guard style.isIndented else { return }
        bytes.append(0x0A)
        bytes += repeatElement(0x20, count: 2 * level)
    }

    private mutating func character(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22: raw("\\\"")
        case 0x5C: raw("\\\\")
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        case 0x00...0x1F: unicodeEscape(scalar)
        case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default:
            if style.escapesInvisible, scalar.isInvisible {
                unicodeEscape(scalar)
            } else {
                bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
    }

    private mutating func unicodeEscape(_ scalar: Unicode.Scalar) {
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
            let digits = String(unit, radix: 16)
            raw("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: properties.isDefaultIgnorableCodePoint
        }
    }
}
