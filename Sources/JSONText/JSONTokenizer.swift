// SPDX-License-Identifier: Apache-2.0

/// A piece of JSON text that means something by itself.
enum JSONToken {
    case openObject, closeObject, openArray, closeArray, colon, comma
    case string([UInt8])
    case number([UInt8])
    case literal(JSONLiteral)
}

/// Bytes to tokens, one byte at a time; knows nothing of what may follow what.
struct JSONTokenizer {
    enum Step {
        case more
        /// The byte ended a token.
        case token(JSONToken)
        /// A number ended before the byte, which is still to be read.
        case tokenBefore(JSONToken)
    }

    private enum State {
        case between
        case string
        case number
        case literal(JSONLiteral, matched: Int)
    }

    private var state = State.between
    private var string = JSONStringDecoder()
    private var number = JSONNumberScanner()

    /// The token that is being read; `nil` between tokens.
    var unit: JSONUnit? {
        switch state {
        case .between: nil
        case .string: .string
        case .number: .number
        case .literal: .literal
        }
    }

    var isInPlainString: Bool {
        if case .string = state { string.isPlain } else { false }
    }

    /// Begins a token with its first byte; the token, where that is all of it.
    mutating func begin(
        _ kind: JSONTokenKind,
        with byte: UInt8,
        at position: JSONPosition
    ) throws(JSONError) -> JSONToken? {
        switch kind {
        case .openObject: return .openObject
        case .closeObject: return .closeObject
        case .openArray: return .openArray
        case .closeArray: return .closeArray
        case .colon: return .colon
        case .comma: return .comma
        case .string:
            string = JSONStringDecoder()
            state = .string
        case .number:
            number = JSONNumberScanner()
            state = .number
            _ = try number.consume(byte, at: position)
        case .literal(let literal):
            state = .literal(literal, matched: 1)
        }
        return nil
    }

    /// Takes printable ASCII of a string, where `isInPlainString`.
    mutating func takePlain(_ run: Span<UInt8>) {
        string.takePlain(run)
    }

    /// Takes a byte after the first one of a token.
    mutating func consume(_ byte: UInt8, at position: JSONPosition) throws(JSONError) -> Step {
        switch state {
        case .between:
            return .more
        case .string:
            guard try string.consume(byte, at: position) else { return .more }
            state = .between
            // The string is handed on whole: a reader that waits should not hold the last one.
            defer { string = JSONStringDecoder() }
            return .token(.string(string.bytes))
        case .number:
            guard try !number.consume(byte, at: position) else { return .more }
            state = .between
            return .tokenBefore(.number(number.bytes))
        case .literal(let literal, let matched):
            return try consume(byte, of: literal, after: matched, at: position)
        }
    }

    /// The number that the end of the input ends.
    mutating func end() -> JSONToken? {
        guard case .number = state, number.canEnd else { return nil }
        state = .between
        return .number(number.bytes)
    }

    private mutating func consume(
        _ byte: UInt8,
        of literal: JSONLiteral,
        after matched: Int,
        at position: JSONPosition
    ) throws(JSONError) -> Step {
        let spelling = literal.rawValue.utf8
        guard spelling.dropFirst(matched).first == byte else {
            throw JSONError(position: position, reason: .misspelledLiteral(literal))
        }
        guard matched + 1 == spelling.count else {
            state = .literal(literal, matched: matched + 1)
            return .more
        }
        state = .between
        return .token(.literal(literal))
    }
}
