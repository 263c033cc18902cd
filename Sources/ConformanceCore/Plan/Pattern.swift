// SPDX-License-Identifier: Apache-2.0

package import JSONText
package import Specs

/// What is accepted as a message.
///
/// The pattern that matches is the one that explains.
package indirect enum Pattern: Equatable, Sendable {
    /// The whole payload.
    case text(TextPattern)
    case any
    case startsWith(TextPattern)
    case endsWith(TextPattern)
    case contains(TextPattern)
    case items(ItemsPattern)
    /// Anything that this is not.
    case not(Pattern)
    /// A pattern of the whole frame, with padding or terminator.
    case frame(Pattern)
    case anyOf([Accepted])
    /// A message of JSON.
    case json(JSONPattern<TextPattern>)
}

package struct Accepted: Equatable, Sendable {
    package var pattern: Pattern
    package var label: String?
    package var tolerated: String?
}

/// A list in one message: its items in any order.
package struct ItemsPattern: Equatable, Sendable {
    package var separator: [UInt8]
    package var prefix: TextPattern?
    package var contains: [TextPattern]
    package var lacks: [TextPattern]
    package var only: Bool
    package var ignoresEmpty: Bool
    package var trims: [UInt8]
}

/// A message as patterns see it.
package struct Candidate: Sendable {
    package var payload: [UInt8]
    package var frame: [UInt8]
    /// What the framer has read, where messages are JSON.
    package var json: JSONNode?

    package init(payload: [UInt8], frame: [UInt8], json: JSONNode? = nil) {
        self.payload = payload
        self.frame = frame
        self.json = json
    }
}

/// What a pattern says of a message.
package enum PatternOutcome: Equatable, Sendable {
    case matched(Match)
    case mismatched(Mismatch)
}

package struct Match: Equatable, Sendable {
    package var bound: [String: [UInt8]]
    /// The label of the alternative that matched.
    package var label: String?
    /// Why the alternative that matched is only tolerated.
    package var tolerated: String?
}

/// Why a message is not what was required.
package struct Mismatch: Equatable, Sendable {
    /// All that would have been accepted, as people read it.
    package var accepted: [String]
    /// The offset in the message at which it departs from the nearest accepted one.
    package var firstDifference: Int?
    /// The bytes of the nearest accepted one, where it is one text.
    package var nearest: [UInt8]?
    /// What is wrong, where an offset does not say it.
    package var reason: String?
    /// The place in a message of JSON: `content[3].sender`.
    package var path: String?
}
