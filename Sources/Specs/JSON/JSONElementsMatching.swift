// SPDX-License-Identifier: Apache-2.0

import JSONText

extension JSONElementsPattern<TextPattern> {
    func match(
        _ node: JSONNode, _ bound: [String: [UInt8]], of whole: JSONPattern<TextPattern>
    ) -> JSONMatch {
        guard let elements = node.value.elements else { return whole.departed(node) }
        if let each {
            for (index, element) in elements.enumerated() {
                guard case .departed(let inner) = each.match(element, bound: bound) else {
                    continue
                }
                return .departed(inner.under(.index(index)))
            }
        }
        for pattern in lacks {
            guard let index = elements.firstIndex(where: { pattern.fits($0, bound) }) else {
                continue
            }
            let reason = JSONDeparture.Reason.mayNotBe(pattern)
            return .departed(
                JSONDeparture(reason: reason, offset: elements[index].position.offset)
                    .under(.index(index)))
        }
        return matchRequired(in: elements, node, bound, whole)
    }

    private func matchRequired(
        in elements: [JSONNode], _ node: JSONNode, _ outer: [String: [UInt8]],
        _ whole: JSONPattern<TextPattern>
    ) -> JSONMatch {
        var bound = outer
        var taken: Set<Int> = []
        var last = -1
        for pattern in required {
            let fitting = elements.indices.filter { pattern.fits(elements[$0], bound) }
            guard !fitting.isEmpty else {
                return whole.departed(node, .noElement(pattern, count: elements.count))
            }
            let wanted = required.count { $0 == pattern }
            guard fitting.count <= wanted else {
                return whole.departed(node, .several(pattern, count: fitting.count))
            }
            let next = fitting.first { !taken.contains($0) && (!isOrdered || $0 > last) }
            guard let next else {
                let isLess = fitting.count < wanted
                return whole.departed(
                    node,
                    isLess
                        ? .noElement(pattern, count: elements.count) : .outOfOrder(pattern))
            }
            taken.insert(next)
            last = next
            if case .matched(let more) = pattern.match(elements[next], bound: bound) {
                bound = more
            }
        }
        return .matched(bound)
    }
}

extension JSONPattern<TextPattern> {
    fileprivate func fits(_ node: JSONNode, _ bound: [String: [UInt8]]) -> Bool {
        if case .matched = match(node, bound: bound) { true } else { false }
    }
}

extension JSONWordsPattern<TextPattern> {
    func match(
        _ node: JSONNode, _ bound: [String: [UInt8]], of whole: JSONPattern<TextPattern>
    ) -> JSONMatch {
        guard let found = Self.words(of: node.value) else { return whole.departed(node) }
        for word in contains {
            guard let bytes = word.filled(with: bound), found.contains(bytes) else {
                return whole.departed(node, .lacksWord(word, in: node.value))
            }
        }
        for word in lacks {
            guard let bytes = word.filled(with: bound), found.contains(bytes) else { continue }
            return whole.departed(node, .hasWord(word, in: node.value))
        }
        return .matched(bound)
    }

    /// The words of a string, or of all strings of an array; `nil` for anything else.
    private static func words(of value: JSONValue) -> Set<[UInt8]>? {
        if let text = value.bytes { return words(in: text) }
        guard let elements = value.elements else { return nil }
        var found: Set<[UInt8]> = []
        for element in elements {
            guard let text = element.value.bytes else { return nil }
            found.formUnion(words(in: text))
        }
        return found
    }

    private static func words(in text: [UInt8]) -> Set<[UInt8]> {
        Set(text.split { !isOfWord($0) }.map(Array.init))
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
