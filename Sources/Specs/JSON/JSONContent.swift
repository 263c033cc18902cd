// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// JSON that is sent: `{"json": …}` with the way in which it is written.
package struct JSONContent: Equatable, Sendable {
    package indirect enum Value: Equatable, Sendable {
        /// `null`, `true`, `false` or a number.
        case constant(JSONValue)
        case text(Template)
        case array([Value])
        /// In the order of the file.
        case object([Member])
    }

    package struct Member: Equatable, Sendable {
        package var key: Template
        package var value: Value
    }

    /// Which characters of strings and keys are written as escapes.
    package enum Escaping: String, CaseIterable, Equatable, Sendable {
        /// Those that must be.
        case needed
        /// All that are not ASCII, as `\uXXXX`.
        case ascii
        /// Every character, as `\uXXXX`.
        case all
    }

    package var value: Value
    package var escaping = Escaping.needed
    /// What stands wherever JSON allows white space.
    package var whiteSpace: Template?
}

extension JSONContent {
    static func reading(_ reader: NodeReader) -> JSONContent {
        reader.refuseKeys(otherThan: ["json", "escape", "whiteSpace"], in: "a message of JSON")
        var content = JSONContent(value: reader["json"].map(value) ?? .constant(.null))
        if let escaping = reader["escape"]?.oneOf(Escaping.self) { content.escaping = escaping }
        if let space = reader["whiteSpace"] {
            content.whiteSpace = space.template
            let known = content.whiteSpace?.literal ?? []
            if !known.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
                space.note("white space of JSON is space, \\t, \\r and \\n")
            }
        }
        return content
    }

    private static func value(_ reader: NodeReader) -> Value {
        switch reader.node.value {
        case .null, .bool, .number: .constant(reader.node.value)
        case .string: .text(reader.template)
        case .array: .array(reader.elements.map(value))
        case .object:
            .object(
                reader.members.map { key, inner in
                    Member(
                        key: Template(
                            parsing: Array(key.utf8), position: inner.position, log: inner.log),
                        value: value(inner))
                })
        }
    }

    /// The JSON, with its texts as `fill` says.
    package func bytes(_ fill: (Template) -> [UInt8]) -> [UInt8] {
        var writer = JSONContentWriter(
            escaping: escaping, whiteSpace: whiteSpace.map(fill) ?? [])
        writer.write(value, fill)
        return writer.bytes
    }
}

/// Writes JSON as a scenario wants it written.
private struct JSONContentWriter {
    let escaping: JSONContent.Escaping
    let whiteSpace: [UInt8]
    var bytes: [UInt8] = []

    init(escaping: JSONContent.Escaping, whiteSpace: [UInt8]) {
        self.escaping = escaping
        self.whiteSpace = whiteSpace
    }

    mutating func write(_ value: JSONContent.Value, _ fill: (Template) -> [UInt8]) {
        bytes += whiteSpace
        switch value {
        case .constant(let value):
            var writer = JSONWriter()
            writer.value(value)
            bytes += writer.bytes
        case .text(let template): string(fill(template))
        case .array(let elements):
            list(elements, "[", "]") { $0.write($1, fill) }
        case .object(let members):
            list(members, "{", "}") { writer, member in
                writer.bytes += writer.whiteSpace
                writer.string(fill(member.key))
                writer.bytes += writer.whiteSpace
                writer.bytes.append(UInt8(ascii: ":"))
                writer.write(member.value, fill)
            }
        }
        bytes += whiteSpace
    }

    private mutating func list<Element>(
        _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
        _ write: (inout JSONContentWriter, Element) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        if elements.isEmpty { bytes += whiteSpace }
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, element)
        }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func string(_ text: [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { write(scalar) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        let mustBe = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
        let isEscaped =
            switch escaping {
            case .needed: mustBe
            case .ascii: mustBe || !scalar.isASCII
            case .all: true
            }
        guard isEscaped else {
            bytes += Array(String(scalar).utf8)
            return
        }
        if escaping != .all, scalar == "\"" || scalar == "\\" {
            bytes += [UInt8(ascii: "\\"), UInt8(scalar.value)]
            return
        }
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            bytes +=
                Array("\\u".utf8) + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.count)
            bytes += Array(digits.utf8)
        }
    }
}
