// SPDX-License-Identifier: Apache-2.0

import Bytes
package import JSONText

extension JSONPattern<TextPattern> {
    /// The pattern as people read it: JSON with `…` for what is left open.
    package func shown(_ bound: [String: [UInt8]] = [:]) -> String {
        switch self {
        case .any: "anything"
        case .constant(let value): value.shown
        case .text(let text): text.shown(bound)
        case .contains(let text): "a text with \(text.shown(bound)) in it"
        case .startsWith(let text): "a text that starts with \(text.shown(bound))"
        case .endsWith(let text): "a text that ends with \(text.shown(bound))"
        case .mentions(let text): "a value with \(text.shown(bound)) in it"
        case .kind(let kind): kind.shown
        case .array(let elements):
            "[" + elements.map { $0.shown(bound) }.joined(separator: ", ") + "]"
        case .object(let members, let isOpen):
            "{"
                + (members.map {
                    "\(ByteEscaping.quoted($0.key)): \($0.pattern.shown(bound))"
                } + (isOpen ? ["…"] : [])).joined(separator: ", ") + "}"
        case .elements(let elements): elements.shown(bound)
        case .words(let words): words.shown(bound)
        case .jsonText(let inner): "a text that holds the JSON \(inner.shown(bound))"
        case .oneOf(let patterns): patterns.map { $0.shown(bound) }.joined(separator: " or ")
        case .not(let inner): "anything but \(inner.shown(bound))"
        }
    }
}

extension JSONElementsPattern<TextPattern> {
    fileprivate func shown(_ bound: [String: [UInt8]]) -> String {
        func list(_ patterns: [JSONPattern<TextPattern>]) -> String {
            patterns.map { $0.shown(bound) }.joined(separator: ", ")
        }
        var parts: [String] = []
        if !required.isEmpty {
            parts.append(
                "with \(list(required)) once each" + (isOrdered ? " in this order" : ""))
        }
        if !lacks.isEmpty { parts.append("without \(list(lacks))") }
        if let each { parts.append("of elements that are each \(each.shown(bound))") }
        return (["an array"] + parts).joined(separator: " ")
    }
}

extension JSONWordsPattern<TextPattern> {
    fileprivate func shown(_ bound: [String: [UInt8]]) -> String {
        func list(_ words: [TextPattern]) -> String {
            words.map { $0.shown(bound) }.joined(separator: ", ")
        }
        var parts: [String] = []
        if !contains.isEmpty { parts.append("with the words \(list(contains))") }
        if !lacks.isEmpty { parts.append("without the words \(list(lacks))") }
        return (["a text"] + parts).joined(separator: " ")
    }
}

extension JSONValue {
    /// The value for a sentence: escaped, and never longer than a line.
    package var shown: String {
        switch self {
        case .null, .bool: kindName
        case .number(let number): ByteEscaping.escape(number.text.prefix(40))
        case .string(let bytes):
            bytes.count > 80
                ? ByteEscaping.quoted(bytes.prefix(80)) + "… (\(bytes.count) bytes)"
                : ByteEscaping.quoted(bytes)
        case .array(let elements):
            elements.count == 1 ? "an array of 1 element" : "an array of \(elements.count) elements"
        case .object(let members):
            members.isEmpty
                ? "an object without keys"
                : "an object with the keys "
                    + members.prefix(6).map { ByteEscaping.quoted($0.key.prefix(40)) }
                    .joined(separator: ", ") + (members.count > 6 ? ", …" : "")
        }
    }
}
