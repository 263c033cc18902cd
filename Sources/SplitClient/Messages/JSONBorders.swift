// SPDX-License-Identifier: Apache-2.0

/// Where a JSON value of brackets ends, or cannot go on.
struct JSONBorders {
    enum Step { case goesOn, endsBehind, endsBefore, breaks }

    private enum State { case between, nonsense, value, string, escape }

    private var state = State.between
    private var depth = 0
    /// Whether a value within the value may come next.
    private var mayOpen = false

    /// Whether nothing but a quote and a backslash means anything.
    var isInString: Bool { state == .string }

    mutating func step(_ byte: UInt8) -> Step {
        switch state {
        case .between: return begin(byte)
        case .nonsense:
            guard byte == 0x0A || Self.opens(byte) else { return .goesOn }
            state = .between
            return .endsBefore
        case .value: return inside(byte)
        case .string:
            if byte == UInt8(ascii: "\"") { state = .value }
            if byte == UInt8(ascii: "\\") { state = .escape }
            return .goesOn
        case .escape:
            state = .string
            return .goesOn
        }
    }

    private mutating func begin(_ byte: UInt8) -> Step {
        if Self.opens(byte) {
            (state, depth, mayOpen) = (.value, 1, byte == UInt8(ascii: "["))
        } else if !JSONSpace.contains(byte) {
            state = .nonsense
        }
        return .goesOn
    }

    private mutating func inside(_ byte: UInt8) -> Step {
        switch byte {
        case UInt8(ascii: "\""): (state, mayOpen) = (.string, false)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard mayOpen else { return .breaks }
            depth += 1
            mayOpen = byte == UInt8(ascii: "[")
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            mayOpen = false
            guard depth > 0 else {
                state = .between
                return .endsBehind
            }
        case UInt8(ascii: ":"), UInt8(ascii: ","): mayOpen = true
        case 0x20, 0x0A, 0x0D, 0x09: break
        default:
            guard Self.isOfWord(byte) else { return .breaks }
            mayOpen = false
        }
        return .goesOn
    }

    static func opens(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
    }

    /// Whether the byte may stand in a number, or in `true`, `false` or `null`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "E"), UInt8(ascii: "e"), UInt8(ascii: "t"),
            UInt8(ascii: "r"), UInt8(ascii: "u"), UInt8(ascii: "f"), UInt8(ascii: "a"),
            UInt8(ascii: "l"), UInt8(ascii: "s"), UInt8(ascii: "n"):
            true
        default: false
        }
    }

    /// Where the last object begins that may have been taken for part of the value, which begins
    /// at `start` or behind the white space there.
    ///
    /// What a string seemed to hold may be the next value, where a quote is missing or too many; so
    /// may an object within the value, where the bracket before it became something else.
    static func lastObject(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var value = start
        while value < bytes.count, JSONSpace.contains(bytes[value]) { value += 1 }
        var offset = bytes.count - 2
        while offset > value {
            if bytes[offset] == UInt8(ascii: "{"), bytes[offset + 1] == UInt8(ascii: "\"") {
                return offset
            }
            offset -= 1
        }
        return nil
    }
}
