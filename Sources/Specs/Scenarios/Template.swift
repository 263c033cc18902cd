// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Text of a scenario with `${values}`, which a plan fills in, and `{{captures}}`, which a run does.
package struct Template: Equatable, Sendable {
    package indirect enum Part: Equatable, Sendable {
        case literal([UInt8])
        /// The name itself may hold values: `${user${i}}`.
        case value(name: Template)
        case capture(String)
    }

    package var parts: [Part]
    package var position: SourcePosition

    package init(literal bytes: [UInt8], position: SourcePosition) {
        parts = bytes.isEmpty ? [] : [.literal(bytes)]
        self.position = position
    }

    /// Reads `text`; an unclosed brace or an empty name is noted.
    package init(parsing text: [UInt8], position: SourcePosition, log: ProblemLog) {
        var scanner = TemplateScanner(text: text, position: position, log: log)
        parts = scanner.parts(until: nil, depth: 0)
        self.position = position
    }

    /// The whole text where nothing in it is to be filled in.
    package var literal: [UInt8]? {
        // Most are one run, which need not be copied.
        if parts.count == 1, case .literal(let run) = parts[0] { return run }
        var bytes: [UInt8] = []
        for part in parts {
            guard case .literal(let run) = part else { return nil }
            bytes += run
        }
        return bytes
    }
}

/// Finds `${`, `}` and `{{name}}` in one pass.
private struct TemplateScanner {
    /// `${a${b${c}}}` is as deep as anyone needs; the bound keeps the recursion ours.
    static let maximumDepth = 4

    let text: [UInt8]
    let position: SourcePosition
    let log: ProblemLog
    var index = 0

    init(text: [UInt8], position: SourcePosition, log: ProblemLog) {
        self.text = text
        self.position = position
        self.log = log
    }

    mutating func parts(until end: UInt8?, depth: Int) -> [Template.Part] {
        var parts: [Template.Part] = []
        var run: [UInt8] = []
        func flush() {
            if !run.isEmpty { parts.append(.literal(run)) }
            run = []
        }
        while index < text.count {
            if let end, text[index] == end {
                flush()
                return parts
            }
            if starts(with: "${"), depth < Self.maximumDepth {
                flush()
                parts.append(value(depth: depth))
            } else if starts(with: "{{") {
                flush()
                parts.append(capture())
            } else {
                run.append(text[index])
                index += 1
            }
        }
        if end != nil { note("'${' without its '}'") }
        flush()
        return parts
    }

    private func starts(with prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard index + length <= text.count else { return false }
        return prefix.withUTF8Buffer { $0.elementsEqual(text[index..<index + length]) }
    }

    private mutating func value(depth: Int) -> Template.Part {
        index += 2
        var name = Template(literal: [], position: position)
        name.parts = parts(until: UInt8(ascii: "}"), depth: depth + 1)
        index += 1
        if name.parts.isEmpty { note("'${}' names no value") }
        return .value(name: name)
    }

    private mutating func capture() -> Template.Part {
        let start = index + 2
        var end = start
        while end + 1 < text.count, !(text[end] == 0x7D && text[end + 1] == 0x7D) { end += 1 }
        guard end + 1 < text.count, end > start else {
            note("'{{' without a name and '}}'")
            index = text.count
            return .literal([])
        }
        index = end + 2
        return .capture(String(decoding: text[start..<end], as: UTF8.self))
    }

    private func note(_ message: String) {
        log.note(
            "\(message) in \"\(ByteEscaping.escape(text))\"", at: position,
            advice:
                "values are written ${name}, captures {{name}}; {\"literal\": …} is taken as it is")
    }
}
