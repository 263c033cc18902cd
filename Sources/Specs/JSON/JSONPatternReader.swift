// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Reads JSON patterns: the JSON that is required, with pattern words where something is open.
enum JSONPatternReader {
    typealias Pattern = JSONPattern<Template>

    /// An object with one of these keys is a pattern; `object` says that it is not.
    static let words = [
        "any", "contains", "startsWith", "endsWith", "mentions", "type", "inOrder", "holds",
        "lacks", "each",
        "words", "jsonText", "oneOf", "not", "literal", "object",
    ]
    /// The words that speak of an array's elements stand together.
    private static let elementWords = ["inOrder", "holds", "lacks", "each"]
    private static let openKey = "..."

    static func pattern(_ reader: NodeReader) -> Pattern {
        switch reader.node.value {
        case .null, .bool, .number: .constant(reader.node.value)
        case .string: .text(reader.template)
        case .array: .array(reader.elements.map(pattern))
        case .object(let members):
            members.contains { words.contains(String(decoding: $0.key, as: UTF8.self)) }
                ? special(reader) : object(reader)
        }
    }

    /// The exact value, in which nothing is a value or a pattern.
    private static func literal(_ reader: NodeReader) -> Pattern {
        switch reader.node.value {
        case .null, .bool, .number: .constant(reader.node.value)
        case .string(let bytes):
            .text(Template(literal: bytes, position: reader.position))
        case .array: .array(reader.elements.map(literal))
        case .object(let members):
            .object(
                members.map {
                    JSONMemberPattern(key: $0.key, pattern: literal(reader.with($0.node)))
                }, isOpen: false)
        }
    }

    private static func object(_ reader: NodeReader) -> Pattern {
        var isOpen = false
        var members: [JSONMemberPattern<Template>] = []
        for (key, value) in reader.members {
            guard key == openKey else {
                members.append(JSONMemberPattern(key: Array(key.utf8), pattern: pattern(value)))
                continue
            }
            isOpen = true
            if value.node.value.text != "any" {
                value.note("'...' lets further keys be there", advice: "write \"...\": \"any\"")
            }
        }
        return .object(members, isOpen: isOpen)
    }

    private static func special(_ reader: NodeReader) -> Pattern {
        let isOfElements = elementWords.contains { reader[$0] != nil }
        reader.refuseKeys(otherThan: isOfElements ? elementWords : words, in: "a JSON pattern")
        if isOfElements { return .elements(elements(reader)) }
        let named = words.filter { reader[$0] != nil }
        guard named.count == 1, let word = named.first, let operand = reader[word] else {
            reader.note(
                "a JSON pattern has one pattern word, this one has \(named.joined(separator: ", "))"
            )
            return .any
        }
        return single(word, operand)
    }

    private static func single(_ word: String, _ operand: NodeReader) -> Pattern {
        switch word {
        case "contains": .contains(operand.template)
        case "startsWith": .startsWith(operand.template)
        case "endsWith": .endsWith(operand.template)
        case "mentions": .mentions(operand.template)
        case "type": operand.oneOf(JSONKind.self).map(Pattern.kind) ?? .any
        case "words": .words(wordsPattern(operand))
        case "jsonText": .jsonText(pattern(operand))
        case "oneOf": oneOf(operand)
        case "not": .not(pattern(operand))
        case "literal": literal(operand)
        case "object": object(operand)
        default: any(operand)
        }
    }

    private static func any(_ operand: NodeReader) -> Pattern {
        operand.expectTrue()
        return .any
    }

    private static func oneOf(_ operand: NodeReader) -> Pattern {
        let patterns = operand.elements.map(pattern)
        if patterns.isEmpty { operand.note("'oneOf' names at least one value") }
        return .oneOf(patterns)
    }

    private static func elements(_ reader: NodeReader) -> JSONElementsPattern<Template> {
        if reader["inOrder"] != nil, let other = reader["holds"] {
            other.note("'inOrder' and 'holds' exclude each other", advice: "leave one of them out")
        }
        let required = reader["inOrder"] ?? reader["holds"]
        return JSONElementsPattern(
            required: required?.elements.map(pattern) ?? [], isOrdered: reader["inOrder"] != nil,
            lacks: reader["lacks"]?.elements.map(pattern) ?? [],
            each: reader["each"].map(pattern))
    }

    private static func wordsPattern(_ reader: NodeReader) -> JSONWordsPattern<Template> {
        reader.refuseKeys(otherThan: ["contains", "lacks"], in: "'words'")
        return JSONWordsPattern(
            contains: reader["contains"]?.elements.map(\.template) ?? [],
            lacks: reader["lacks"]?.elements.map(\.template) ?? [])
    }
}
