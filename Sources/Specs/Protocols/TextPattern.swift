// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A text of bytes with named gaps.
///
/// Each gap takes at least one byte, and as few as the text behind it allows; a name that is
/// bound already must come again with the same bytes. Linear in the text for each literal.
package struct TextPattern: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
        case literal([UInt8])
        case capture(String)
    }

    package var parts: [Part]

    package init(_ parts: [Part]) {
        self.parts = parts
    }

    /// Where the text departed, and what was bound up to there.
    package enum Outcome: Equatable, Sendable {
        case matched([String: [UInt8]])
        case departed(at: Int)
    }

    package func match(
        _ text: [UInt8], bound: [String: [UInt8]] = [:]
    ) -> Outcome {
        var bound = bound
        var position = 0
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let bytes):
                if let departure = Self.departure(of: text, from: bytes, at: position) {
                    return .departed(at: departure)
                }
                position += bytes.count
            case .capture(let name):
                if let known = bound[name] {
                    if let departure = Self.departure(of: text, from: known, at: position) {
                        return .departed(at: departure)
                    }
                    position += known.count
                    continue
                }
                guard let end = endOfCapture(after: index, in: text, from: position, bound: bound)
                else { return .departed(at: position) }
                bound[name] = Array(text[position..<end])
                position = end
            }
        }
        return position == text.count ? .matched(bound) : .departed(at: position)
    }

    /// Whether the text matches, whatever its gaps hold.
    package func fits(_ text: [UInt8]) -> Bool {
        guard case .literal(let beginning)? = parts.first else { return matches(text) }
        guard text.starts(with: beginning) else { return false }
        if parts.count == 1 { return text.count == beginning.count }
        // One gap behind it takes the rest, whatever that is.
        if parts.count == 2, case .capture = parts[1] { return text.count > beginning.count }
        return matches(text)
    }

    private func matches(_ text: [UInt8]) -> Bool {
        if case .matched = match(text) { true } else { false }
    }

    /// The gap ends where the next literal begins first, or where it ends the text.
    private func endOfCapture(
        after index: Int, in text: [UInt8], from start: Int, bound: [String: [UInt8]]
    ) -> Int? {
        guard start < text.count else { return nil }
        guard index + 1 < parts.count else { return text.count }
        let next: [UInt8]
        switch parts[index + 1] {
        case .literal(let bytes): next = bytes
        case .capture(let name): next = bound[name] ?? []
        }
        if index + 2 == parts.count {
            let end = text.count - next.count
            return end > start ? end : nil
        }
        return Self.firstIndex(of: next, in: text, from: start + 1)
    }

    private static func departure(of text: [UInt8], from bytes: [UInt8], at start: Int) -> Int? {
        for (offset, byte) in bytes.enumerated() {
            let index = start + offset
            guard index < text.count, text[index] == byte else { return index }
        }
        return nil
    }

    package static func firstIndex(of needle: [UInt8], in text: [UInt8], from start: Int = 0)
        -> Int?
    {
        guard let first = needle.first else { return start <= text.count ? start : nil }
        var index = start
        while index + needle.count <= text.count {
            if text[index] == first, text[index..<index + needle.count].elementsEqual(needle) {
                return index
            }
            index += 1
        }
        return nil
    }
}

extension TextPattern {
    /// The text with its gaps filled; `nil` while one is not bound.
    package func filled(with bound: [String: [UInt8]]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let run): bytes += run
            case .capture(let name):
                guard let known = bound[name] else { return nil }
                bytes += known
            }
        }
        return bytes
    }

    /// The text in quotes, with what is not known yet as `‹name›`.
    package func shown(_ bound: [String: [UInt8]] = [:]) -> String {
        let inner = parts.map { part in
            switch part {
            case .literal(let bytes): ByteEscaping.escape(bytes)
            case .capture(let name): bound[name].map { ByteEscaping.escape($0) } ?? "‹\(name)›"
            }
        }
        return "\"\(inner.joined())\""
    }
}
