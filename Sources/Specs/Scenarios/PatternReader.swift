// SPDX-License-Identifier: Apache-2.0

/// Reads what a scenario accepts: a text, or an object with one pattern word.
package enum PatternReader {
    static let words = [
        "literal", "hex", "any", "startsWith", "endsWith", "contains", "items", "frame", "json",
        "anyOf", "not",
    ]

    package static func pattern(_ reader: NodeReader) -> PatternTemplate {
        if reader.isString { return .text(reader.template) }
        if reader.isArray { return .anyOf(reader.elements(of: "pattern").map(accepted)) }
        guard reader.isObject else {
            reader.noteKind(wanted: "a pattern (a text or an object)")
            return .any
        }
        reader.refuseKeys(otherThan: words, in: "a pattern")
        return single(reader)
    }

    private static func single(_ reader: NodeReader) -> PatternTemplate {
        if let alternatives = reader["anyOf"] {
            return .anyOf(alternatives.elements(of: "pattern").map(accepted))
        }
        if let text = reader["startsWith"] { return .startsWith(text.template) }
        if let text = reader["endsWith"] { return .endsWith(text.template) }
        if let text = reader["contains"] { return .contains(text.template) }
        if let list = reader["items"] { return .items(items(list)) }
        if let refused = reader["not"] { return .not(pattern(refused)) }
        if let frame = reader["frame"] { return .frame(pattern(frame)) }
        if let json = reader["json"] { return .json(JSONPatternReader.pattern(json)) }
        if let any = reader["any"] {
            any.expectTrue()
            return .any
        }
        if let literal = reader.literalBytes { return .bytes(literal) }
        reader.note(
            "this pattern has no pattern word", advice: "one of: " + words.joined(separator: ", "))
        return .any
    }

    private static func accepted(_ reader: NodeReader) -> AcceptedTemplate {
        guard reader.isObject else { return AcceptedTemplate(pattern: pattern(reader)) }
        guard let message = reader["message"] else { return named(reader) }
        reader.refuseKeys(otherThan: ["message", "as", "tolerated"], in: "an alternative")
        return AcceptedTemplate(
            pattern: pattern(message), label: reader["as"]?.string,
            tolerated: reader["tolerated"]?.string)
    }

    /// A pattern with its name beside it: `{"as": "objects", "json": …}`.
    private static func named(_ reader: NodeReader) -> AcceptedTemplate {
        let own = ["as", "tolerated"]
        guard own.contains(where: { reader[$0] != nil }) else {
            return AcceptedTemplate(pattern: pattern(reader))
        }
        reader.refuseKeys(otherThan: words + own, in: "an alternative")
        return AcceptedTemplate(
            pattern: single(reader), label: reader["as"]?.string,
            tolerated: reader["tolerated"]?.string)
    }

    private static func items(_ reader: NodeReader) -> ItemsTemplate {
        let keys = ["separator", "prefix", "contains", "lacks", "only", "ignoreEmpty", "trim"]
        reader.refuseKeys(otherThan: keys, in: "'items'")
        return ItemsTemplate(
            separator: reader.required("separator", in: "'items'")?.bytes ?? [],
            prefix: reader["prefix"]?.template,
            contains: reader["contains"]?.elements.map(\.template) ?? [],
            lacks: reader["lacks"]?.elements.map(\.template) ?? [],
            only: reader["only"]?.bool ?? false,
            ignoresEmpty: reader["ignoreEmpty"]?.bool ?? false,
            trims: reader["trim"]?.bytes ?? [])
    }
}
