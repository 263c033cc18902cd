// SPDX-License-Identifier: Apache-2.0

/// Bytes that are not JSON (RFC 8259), or that pass a bound.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// A byte that cannot stand here.
        case unexpected(UInt8, expected: JSONExpectation)
        /// A word that begins like `null`, `true` or `false`.
        case misspelledLiteral(JSONLiteral)
        /// A byte that does not fit into UTF-8.
        case invalidUTF8(UInt8)
        /// A raw control character in a string.
        case controlCharacter(UInt8)
        case unknownEscape(UInt8)
        /// `\u` without four hexadecimal digits.
        case incompleteUnicodeEscape
        /// Half of a surrogate pair.
        case loneSurrogate(UInt16)
        case leadingZero
        /// The part of a number that a digit must follow.
        case digitMissing(after: String)
        case tooDeep(limit: Int)
        case tooLong(limit: Int)
        /// The input ends in something that began at `since`.
        case endsInside(JSONUnit, since: JSONPosition)
        case noValue
        case moreThanOneValue
        case duplicateKey([UInt8], first: JSONPosition)
    }

    /// Where it is: the first byte that is wrong, or the beginning of what is.
    package var position: JSONPosition
    package var reason: Reason

    package init(position: JSONPosition, reason: Reason) {
        self.position = position
        self.reason = reason
    }

    /// The place, what is wrong there, and what would be right.
    package var description: String { "\(position): \(message)" }
}

/// Something that may be left unfinished.
package enum JSONUnit: String, Sendable {
    case string = "a string"
    case number = "a number"
    case literal = "a word"
    case array = "an array"
    case object = "an object"
}

/// The three words of JSON.
package enum JSONLiteral: String, Sendable {
    case null
    case `true`
    case `false`
}
