// SPDX-License-Identifier: Apache-2.0

import Bytes
package import JSONText

/// Where a JSON value first is not what a pattern requires, and what is wrong there.
package struct JSONDeparture: Equatable, Sendable {
    /// One step from a value to one inside it.
    package enum Step: Equatable, Sendable {
        case key([UInt8])
        case index(Int)
        /// Into the JSON that a string holds.
        case text
    }

    package enum Reason: Equatable, Sendable {
        case differs(required: JSONPattern<TextPattern>, came: JSONValue)
        case count(Int, required: Int)
        case lacksKey([UInt8], of: JSONValue)
        case otherKey([UInt8])
        case noElement(JSONPattern<TextPattern>, count: Int)
        case several(JSONPattern<TextPattern>, count: Int)
        case outOfOrder(JSONPattern<TextPattern>)
        case mayNotBe(JSONPattern<TextPattern>)
        case lacksWord(TextPattern, in: JSONValue)
        case hasWord(TextPattern, in: JSONValue)
        case notJSON(String, text: [UInt8])
    }

    /// From the whole value inwards.
    package private(set) var path: [Step] = []
    package var reason: Reason
    /// Where in the stream or text it stands.
    package var offset: Int

    init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    func under(_ step: Step) -> JSONDeparture {
        var departure = self
        departure.path.insert(step, at: 0)
        return departure
    }
}

extension JSONDeparture {
    /// The place as people write it: `content[3].sender`; empty for the whole value.
    package var shownPath: String {
        var shown = ""
        for step in path {
            switch step {
            case .index(let index): shown += "[\(index)]"
            case .text: shown += "(as JSON)"
            case .key(let key):
                if Self.isPlain(key) {
                    shown += (shown.isEmpty ? "" : ".") + String(decoding: key, as: UTF8.self)
                } else {
                    shown += "[\(ByteEscaping.quoted(key))]"
                }
            }
        }
        return shown
    }

    private static func isPlain(_ key: [UInt8]) -> Bool {
        !key.isEmpty
            && key.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// What is wrong, in one clause that names the place; what came is escaped and bounded.
    package func sentence(_ bound: [String: [UInt8]] = [:]) -> String {
        let path = shownPath
        let place = path.isEmpty ? "the message" : path
        switch reason {
        case .differs(let required, let came):
            return "\(path.isEmpty ? "" : "at \(path) ")\(required.shown(bound)) is required, "
                + "\(came.shown) came"
        case .count(let count, let required):
            return "\(place) has \(count) elements, where \(required) are required"
        case .lacksKey(let key, let value):
            return "\(place) lacks the key \(ByteEscaping.quoted(key)); it is \(value.shown)"
        case .otherKey(let key):
            return "\(place) has the key \(ByteEscaping.quoted(key.prefix(80))), "
                + "which does not belong there"
        case .noElement(let pattern, let count):
            return "\(place) has no element \(pattern.shown(bound)) among its \(count)"
        case .several(let pattern, let count):
            return "\(place) has \(count) elements \(pattern.shown(bound)), not one"
        case .outOfOrder(let pattern):
            return "\(place) has its element \(pattern.shown(bound)) in the wrong place"
        case .mayNotBe(let pattern):
            return "\(place) is \(pattern.shown(bound)), which may not be there"
        case .lacksWord(let word, let value):
            return "\(place) lacks the word \(word.shown(bound)); it is \(value.shown)"
        case .hasWord(let word, let value):
            return "\(place) has the word \(word.shown(bound)), which may not be there; "
                + "it is \(value.shown)"
        case .notJSON(let message, let text):
            return "\(place) is to hold JSON, and does not: \(message); "
                + "it is \(JSONValue.string(text).shown)"
        }
    }
}
