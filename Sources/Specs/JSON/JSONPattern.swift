// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// What is required of a JSON value, written as the JSON that is required.
///
/// `Text` is a `Template` as long as values are open, a `TextPattern` when they are filled in.
package indirect enum JSONPattern<Text: Equatable & Sendable>: Equatable, Sendable {
    case any
    /// `null`, `true`, `false` or a number.
    case constant(JSONValue)
    /// A string that is exactly this.
    case text(Text)
    case contains(Text)
    case startsWith(Text)
    case endsWith(Text)
    /// Any value with a string somewhere in it that contains this.
    case mentions(Text)
    /// Any value of this kind.
    case kind(JSONKind)
    /// An array of exactly these elements.
    case array([JSONPattern])
    /// An object with these members in any order; `isOpen`: others may be there, too.
    case object([JSONMemberPattern<Text>], isOpen: Bool)
    case elements(JSONElementsPattern<Text>)
    case words(JSONWordsPattern<Text>)
    /// A string that holds JSON.
    case jsonText(JSONPattern)
    case oneOf([JSONPattern])
    case not(JSONPattern)
}

package struct JSONMemberPattern<Text: Equatable & Sendable>: Equatable, Sendable {
    package var key: [UInt8]
    package var pattern: JSONPattern<Text>
}

/// What is required of an array's elements; others may be there, too.
package struct JSONElementsPattern<Text: Equatable & Sendable>: Equatable, Sendable {
    /// Each is exactly one element.
    package var required: [JSONPattern<Text>]
    /// They stand in this order.
    package var isOrdered: Bool
    /// None is an element.
    package var lacks: [JSONPattern<Text>]
    /// Every element is this.
    package var each: JSONPattern<Text>?
}

/// Words of a text, or of an array of texts: the longest runs of `A-Z a-z 0-9`.
package struct JSONWordsPattern<Text: Equatable & Sendable>: Equatable, Sendable {
    package var contains: [Text]
    package var lacks: [Text]
}

/// The kinds of JSON values.
package enum JSONKind: String, CaseIterable, Equatable, Sendable {
    case string
    case number
    case boolean
    case array
    case object

    /// With its article, for sentences.
    package var shown: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .array: "an array"
        case .object: "an object"
        }
    }

    package func fits(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .bool), (.array, .array),
            (.object, .object):
            true
        default: false
        }
    }
}

extension JSONPattern {
    /// The same with every text transformed.
    ///
    /// Recursion as deep as the file that the pattern was read from.
    package func map<Other>(_ transform: (Text) -> Other) -> JSONPattern<Other> {
        switch self {
        case .any: .any
        case .constant(let value): .constant(value)
        case .text(let text): .text(transform(text))
        case .contains(let text): .contains(transform(text))
        case .startsWith(let text): .startsWith(transform(text))
        case .endsWith(let text): .endsWith(transform(text))
        case .mentions(let text): .mentions(transform(text))
        case .kind(let kind): .kind(kind)
        case .array(let elements): .array(elements.map { $0.map(transform) })
        case .object(let members, let isOpen):
            .object(
                members.map {
                    JSONMemberPattern<Other>(key: $0.key, pattern: $0.pattern.map(transform))
                }, isOpen: isOpen)
        case .elements(let elements):
            .elements(
                JSONElementsPattern<Other>(
                    required: elements.required.map { $0.map(transform) },
                    isOrdered: elements.isOrdered,
                    lacks: elements.lacks.map { $0.map(transform) },
                    each: elements.each?.map(transform)))
        case .words(let words):
            .words(
                JSONWordsPattern<Other>(
                    contains: words.contains.map(transform), lacks: words.lacks.map(transform)))
        case .jsonText(let inner): .jsonText(inner.map(transform))
        case .oneOf(let patterns): .oneOf(patterns.map { $0.map(transform) })
        case .not(let inner): .not(inner.map(transform))
        }
    }
}
