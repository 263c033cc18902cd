// SPDX-License-Identifier: Apache-2.0

/// What can be written as one JSON value.
package protocol JSONWritable {
    /// Adds exactly one whole value.
    func write(to output: inout JSONOutput)
}

extension Bool: JSONWritable {
    package func write(to output: inout JSONOutput) { output.raw(self ? "true" : "false") }
}

extension Int: JSONWritable {
    package func write(to output: inout JSONOutput) { output.raw(String(self)) }
}

extension UInt64: JSONWritable {
    package func write(to output: inout JSONOutput) { output.raw(String(self)) }
}

/// JSON has no infinity and no NaN: they are written as `null`.
extension Double: JSONWritable {
    package func write(to output: inout JSONOutput) {
        output.raw(isFinite ? "\(self)" : "null")
    }
}

/// A `String` is valid by itself. Whoever has bytes decides in the open what becomes of those
/// that are not: `String(validating:as:)` refuses them, `String(decoding:as:)` replaces them.
extension String: JSONWritable {
    package func write(to output: inout JSONOutput) { output.string(self) }
}

/// `nil` is written as `null`.
extension Optional: JSONWritable where Wrapped: JSONWritable {
    package func write(to output: inout JSONOutput) {
        if let self { self.write(to: &output) } else { output.raw("null") }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to output: inout JSONOutput) {
        output.open(UInt8(ascii: "["))
        for (index, element) in enumerated() {
            output.separate(isFirst: index == 0)
            element.write(to: &output)
        }
        output.close(UInt8(ascii: "]"), isEmpty: isEmpty)
    }
}

extension JSONNode: JSONWritable {
    package func write(to output: inout JSONOutput) { value.write(to: &output) }
}

/// Bytes of strings and keys that are not UTF-8 are written as U+FFFD; what the reader made has
/// none. Numbers keep their spelling.
extension JSONValue: JSONWritable {
    package func write(to output: inout JSONOutput) {
        switch self {
        case .null: output.raw("null")
        case .bool(let bool): bool.write(to: &output)
        case .number(let number): output.bytes += number.text
        case .string(let bytes): output.string(String(decoding: bytes, as: UTF8.self))
        case .array(let elements): elements.write(to: &output)
        case .object(let members):
            output.open(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                output.separate(isFirst: index == 0)
                output.key(String(decoding: member.key, as: UTF8.self))
                member.node.write(to: &output)
            }
            output.close(UInt8(ascii: "}"), isEmpty: members.isEmpty)
        }
    }
}
