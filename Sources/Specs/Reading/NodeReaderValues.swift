// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText

extension NodeReader {
    package func required(_ key: String, in what: String) -> NodeReader? {
        if let found = self[key] { return found }
        note("\(what) lacks '\(key)'")
        return nil
    }

    package var string: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    package var bytes: [UInt8]? {
        guard case .string(let bytes) = node.value else {
            noteKind(wanted: "a string")
            return nil
        }
        return bytes
    }

    package var bool: Bool? {
        guard case .bool(let value) = node.value else {
            noteKind(wanted: "true or false")
            return nil
        }
        return value
    }

    /// A whole number within `range`.
    package func int(in range: ClosedRange<Int>) -> Int? {
        guard case .number(let number) = node.value, let value = number.int else {
            noteKind(wanted: "a whole number")
            return nil
        }
        guard range.contains(value) else {
            note(
                "\(value) is out of range",
                advice: "it may be \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    package func oneOf<Choice: CaseIterable & RawRepresentable>(
        _ type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let text = string else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        note(
            "'\(ByteEscaping.escape(text.utf8))' is not possible here",
            advice: Self.choice(of: Choice.allCases.map(\.rawValue), near: text))
        return nil
    }

    /// The value must be `true`: verbs without an operand are written `"close": true`.
    package func expectTrue() {
        if case .bool(true) = node.value { return }
        note("this is \(node.value.kindName), where 'true' is due")
    }

    /// The members that are named like features of servers; any other is noted.
    var features: [(key: String, reader: NodeReader)] {
        let known = Need.features.map(\.rawValue)
        return members.filter { member in
            if known.contains(member.key) { return true }
            member.reader.note(
                "there is no feature '\(member.key)'",
                advice: Self.choice(of: known, near: member.key))
            return false
        }
    }

    package var strings: [String] { elements.compactMap(\.string) }

    /// A time such as `"2s"` or `"20ms"`, in nanoseconds.
    package var duration: Int64? {
        guard let text = string else { return nil }
        if let time = SpecTime.nanoseconds(text) { return time }
        note("'\(text)' is no time", advice: "write it as \"20ms\" or \"2s\"")
        return nil
    }
}

/// Times as files and features of servers write them: `20ms`, `2s`.
package enum SpecTime {
    /// Nanoseconds; `nil` for what is no time.
    package static func nanoseconds(_ text: String) -> Int64? {
        for (unit, scale) in [("ms", Int64(1_000_000)), ("s", 1_000_000_000)] {
            guard text.hasSuffix(unit), let count = Int64(text.dropLast(unit.count)) else {
                continue
            }
            if (0...86_400_000).contains(count) { return count * scale }
        }
        return nil
    }
}
