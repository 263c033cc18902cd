// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// What a pattern says of a value: what is bound now, or where the value departs first.
package enum JSONMatch: Equatable, Sendable {
    case matched([String: [UInt8]])
    case departed(JSONDeparture)
}

extension JSONPattern<TextPattern> {
    /// Compares in linear time for each alternative and each required element.
    ///
    /// Recursion as deep as the pattern, never as deep as what came.
    package func match(_ node: JSONNode, bound: [String: [UInt8]] = [:]) -> JSONMatch {
        switch self {
        case .any: return .matched(bound)
        case .constant(let value): return matchConstant(value, node, bound)
        case .text(let text):
            guard let bytes = node.value.bytes,
                case .matched(let bound) = text.match(bytes, bound: bound)
            else { return departed(node) }
            return .matched(bound)
        case .contains(let text):
            return matchPart(text, node, bound) { TextPattern.firstIndex(of: $1, in: $0) != nil }
        case .startsWith(let text): return matchPart(text, node, bound) { $0.starts(with: $1) }
        case .endsWith(let text):
            return matchPart(text, node, bound) { $0.suffix($1.count).elementsEqual($1) }
        case .mentions(let text):
            guard let part = text.filled(with: bound), node.mentions(part) else {
                return departed(node)
            }
            return .matched(bound)
        case .kind(let kind): return kind.fits(node.value) ? .matched(bound) : departed(node)
        case .array(let elements): return matchArray(elements, node, bound)
        case .object(let members, let isOpen): return matchObject(members, isOpen, node, bound)
        case .elements(let elements): return elements.match(node, bound, of: self)
        case .words(let words): return words.match(node, bound, of: self)
        case .jsonText(let inner): return matchText(inner, node, bound)
        case .oneOf(let patterns): return matchOne(of: patterns, node, bound)
        case .not(let inner):
            guard case .matched = inner.match(node, bound: bound) else { return .matched(bound) }
            return departed(node)
        }
    }

    func departed(_ node: JSONNode, _ reason: JSONDeparture.Reason? = nil) -> JSONMatch {
        .departed(
            JSONDeparture(
                reason: reason ?? .differs(required: self, came: node.value),
                offset: node.position.offset))
    }

    private func matchConstant(
        _ value: JSONValue, _ node: JSONNode, _ bound: [String: [UInt8]]
    ) -> JSONMatch {
        if value == node.value { return .matched(bound) }
        guard let one = value.number?.double, one == node.value.number?.double else {
            return departed(node)
        }
        return .matched(bound)
    }

    private func matchPart(
        _ text: TextPattern, _ node: JSONNode, _ bound: [String: [UInt8]],
        _ holds: ([UInt8], [UInt8]) -> Bool
    ) -> JSONMatch {
        guard let bytes = node.value.bytes, let part = text.filled(with: bound), holds(bytes, part)
        else { return departed(node) }
        return .matched(bound)
    }

    private func matchArray(
        _ elements: [JSONPattern], _ node: JSONNode, _ bound: [String: [UInt8]]
    ) -> JSONMatch {
        guard let found = node.value.elements else { return departed(node) }
        guard found.count == elements.count else {
            return departed(node, .count(found.count, required: elements.count))
        }
        var bound = bound
        for (index, pair) in zip(elements, found).enumerated() {
            switch pair.0.match(pair.1, bound: bound) {
            case .matched(let more): bound = more
            case .departed(let inner): return .departed(inner.under(.index(index)))
            }
        }
        return .matched(bound)
    }

    private func matchObject(
        _ members: [JSONMemberPattern<TextPattern>], _ isOpen: Bool, _ node: JSONNode,
        _ bound: [String: [UInt8]]
    ) -> JSONMatch {
        guard let found = node.value.members else { return departed(node) }
        var bound = bound
        for member in members {
            guard let value = node.value[bytes: member.key] else {
                return departed(node, .lacksKey(member.key, of: node.value))
            }
            switch member.pattern.match(value, bound: bound) {
            case .matched(let more): bound = more
            case .departed(let inner): return .departed(inner.under(.key(member.key)))
            }
        }
        guard !isOpen else { return .matched(bound) }
        let known = members.map(\.key)
        guard let other = found.first(where: { !known.contains($0.key) }) else {
            return .matched(bound)
        }
        return .departed(
            JSONDeparture(reason: .otherKey(other.key), offset: other.keyPosition.offset))
    }

    private func matchText(
        _ inner: JSONPattern, _ node: JSONNode, _ bound: [String: [UInt8]]
    ) -> JSONMatch {
        guard let text = node.value.bytes else { return departed(node) }
        let held: JSONNode
        do throws(JSONError) {
            held = try JSONReader.parse(whole: text)
        } catch {
            return departed(node, .notJSON(error.message, text: text))
        }
        guard case .departed(var departure) = inner.match(held, bound: bound) else {
            return inner.match(held, bound: bound)
        }
        // Escapes make offsets inside the string mean nothing outside of it.
        departure.offset = node.position.offset
        return .departed(departure.under(.text))
    }

    private func matchOne(
        of patterns: [JSONPattern], _ node: JSONNode, _ bound: [String: [UInt8]]
    ) -> JSONMatch {
        var deepest: JSONDeparture?
        for pattern in patterns {
            switch pattern.match(node, bound: bound) {
            case .matched(let bound): return .matched(bound)
            case .departed(let departure):
                if departure.path.count > deepest?.path.count ?? 0 { deepest = departure }
            }
        }
        return deepest.map(JSONMatch.departed) ?? departed(node)
    }
}

extension JSONNode {
    /// Whether a string somewhere in the value contains `part`; keys do not count.
    fileprivate func mentions(_ part: [UInt8]) -> Bool {
        var open = [self]
        while let node = open.popLast() {
            switch node.value {
            case .string(let text):
                if TextPattern.firstIndex(of: part, in: text) != nil { return true }
            case .array(let elements): open += elements
            case .object(let members): open += members.map(\.node)
            case .null, .bool, .number: break
            }
        }
        return false
    }
}
