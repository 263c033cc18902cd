// SPDX-License-Identifier: Apache-2.0

/// The bytes of one string, read one at a time; escapes resolved, UTF-8 checked.
///
///     plain ──▶ character (1 to 3 more bytes) ──▶ plain
///       │
///       └─ \ ─▶ escape ─ u ─▶ digits (4) ──▶ plain
///                               └ a high half ─▶ lowBackslash ─ \ ─▶ lowLetter ─ u ─▶ digits
struct JSONStringDecoder {
    private enum State {
        case plain
        case character(remaining: Int, next: ClosedRange<UInt8>)
        case escape
        case digits(count: Int, value: UInt16)
        case lowBackslash
        case lowLetter
    }

    private(set) var bytes: [UInt8] = []
    private var state = State.plain
    private var highSurrogate: UInt16?
    /// Where the character of several bytes began that may turn out to be none, and with what.
    private var characterStart = (position: JSONPosition(), byte: UInt8(0))
    /// Where the escape began whose half pair may turn out to be alone.
    private var escapeStart = JSONPosition()

    /// Whether printable ASCII can be taken as it is.
    var isPlain: Bool {
        if case .plain = state { true } else { false }
    }

    /// Takes printable ASCII that is no quote and no backslash.
    mutating func takePlain(_ run: Span<UInt8>) {
        run.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// Takes one byte; `true` where it is the quote that ends the string.
    mutating func consume(_ byte: UInt8, at position: JSONPosition) throws(JSONError) -> Bool {
        switch state {
        case .plain:
            return try plain(byte, at: position)
        case .character(let remaining, let allowed):
            guard allowed.contains(byte) else {
                throw JSONError(
                    position: characterStart.position, reason: .invalidUTF8(characterStart.byte))
            }
            bytes.append(byte)
            state = remaining > 1 ? .character(remaining: remaining - 1, next: 0x80...0xBF) : .plain
        case .escape:
            try escape(byte, at: position)
        case .digits(let count, let value):
            try digit(byte, after: count, value, at: position)
        case .lowBackslash:
            guard byte == UInt8(ascii: "\\") else { throw loneHighSurrogate() }
            state = .lowLetter
        case .lowLetter:
            guard byte == UInt8(ascii: "u") else { throw loneHighSurrogate() }
            state = .digits(count: 0, value: 0)
        }
        return false
    }

    private mutating func plain(_ byte: UInt8, at position: JSONPosition) throws(JSONError) -> Bool
    {
        switch byte {
        case UInt8(ascii: "\""):
            return true
        case UInt8(ascii: "\\"):
            escapeStart = position
            state = .escape
        case 0x00...0x1F:
            throw JSONError(position: position, reason: .controlCharacter(byte))
        case 0x20...0x7F:
            bytes.append(byte)
        default:
            guard let next = Self.afterFirst(byte) else {
                throw JSONError(position: position, reason: .invalidUTF8(byte))
            }
            bytes.append(byte)
            characterStart = (position, byte)
            state = next
        }
        return false
    }

    /// What the first byte of a character of several bytes asks for (RFC 3629, section 4).
    private static func afterFirst(_ byte: UInt8) -> State? {
        switch byte {
        case 0xC2...0xDF: .character(remaining: 1, next: 0x80...0xBF)
        case 0xE0: .character(remaining: 2, next: 0xA0...0xBF)
        case 0xED: .character(remaining: 2, next: 0x80...0x9F)
        case 0xE1...0xEF: .character(remaining: 2, next: 0x80...0xBF)
        case 0xF0: .character(remaining: 3, next: 0x90...0xBF)
        case 0xF1...0xF3: .character(remaining: 3, next: 0x80...0xBF)
        case 0xF4: .character(remaining: 3, next: 0x80...0x8F)
        default: nil
        }
    }

    private mutating func escape(_ byte: UInt8, at position: JSONPosition) throws(JSONError) {
        state = .plain
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): state = .digits(count: 0, value: 0)
        default: throw JSONError(position: position, reason: .unknownEscape(byte))
        }
    }

    private mutating func digit(
        _ byte: UInt8,
        after count: Int,
        _ value: UInt16,
        at position: JSONPosition
    ) throws(JSONError) {
        guard let digit = Self.hexadecimalValue(of: byte) else {
            throw JSONError(position: position, reason: .incompleteUnicodeEscape)
        }
        let value = value << 4 | digit
        guard count == 3 else {
            state = .digits(count: count + 1, value: value)
            return
        }
        try endUnicodeEscape(value)
    }

    private mutating func endUnicodeEscape(_ unit: UInt16) throws(JSONError) {
        let isHigh = (0xD800...0xDBFF).contains(unit)
        let isLow = (0xDC00...0xDFFF).contains(unit)
        if let high = highSurrogate {
            guard isLow else { throw loneHighSurrogate() }
            highSurrogate = nil
            append(0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(unit) & 0x3FF)
        } else if isHigh {
            highSurrogate = unit
            state = .lowBackslash
        } else if isLow {
            throw JSONError(position: escapeStart, reason: .loneSurrogate(unit))
        } else {
            append(UInt32(unit))
        }
    }

    private mutating func append(_ value: UInt32) {
        state = .plain
        guard let scalar = Unicode.Scalar(value) else { return }
        bytes += Array(String(scalar).utf8)
    }

    private func loneHighSurrogate() -> JSONError {
        JSONError(position: escapeStart, reason: .loneSurrogate(highSurrogate ?? 0xD800))
    }

    private static func hexadecimalValue(of byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte) - 0x30
        case 0x41...0x46: UInt16(byte) - 0x41 + 10
        case 0x61...0x66: UInt16(byte) - 0x61 + 10
        default: nil
        }
    }
}
