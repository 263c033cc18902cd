// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The command that was chosen, and what was given to it.
///
/// Options are asked for by their long name without dashes, arguments by their name.
package struct ParsedCommand: Sendable {
    private let path: CommandPath
    private let given: [String: [String]]

    init(path: CommandPath, values: [String: [String]]) {
        self.path = path
        given = values
    }

    /// The subcommand's name; the program's, where it has no subcommands.
    package var name: String { path.current.name }

    /// Whether a flag, or any option or argument, was given.
    package func flag(_ name: String) -> Bool { given[name] != nil }

    /// The value given to an option or argument; the last one where it repeats.
    package func value(_ name: String) -> String? { given[name]?.last }

    /// All values given to an option or argument, in their order.
    package func values(_ name: String) -> [String] { given[name] ?? [] }

    /// An error about this command line, for what only the program can know is wrong.
    package func usageError(_ message: String) -> UsageError { path.usageError(message) }
}

extension ParsedCommand {
    /// The value as a whole number within bounds; `nil` where it is not given.
    package func integer(
        _ name: String,
        in range: ClosedRange<Int>
    ) throws(UsageError) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return try value(name, expected: expected) { text in
            isNumber(text) ? Int(text).flatMap { range.contains($0) ? $0 : nil } : nil
        }
    }

    /// The value as a whole number of 64 bits without a sign, such as a seed.
    package func unsignedInteger(_ name: String) throws(UsageError) -> UInt64? {
        let expected = "a whole number from 0 to \(UInt64.max)"
        return try value(name, expected: expected) { text in isNumber(text) ? UInt64(text) : nil }
    }

    /// The value as a time, in the syntax of `DurationText`.
    package func duration(_ name: String) throws(UsageError) -> Duration? {
        try value(name, expected: DurationText.expected, DurationText.parse)
    }

    /// The value as something with a syntax of its own; `convert` gives `nil` for what is wrong.
    ///
    /// `expected` ends the error's sentence: "--seed: "x" is not possible; expected is ...".
    package func value<Value>(
        _ name: String,
        expected: String,
        _ convert: (String) -> Value?
    ) throws(UsageError) -> Value? {
        guard let text = value(name) else { return nil }
        guard let value = convert(text) else {
            let shown = ByteEscaping.quoted(text.utf8)
            throw usageError("\(label(name)): \(shown) is not possible; expected is \(expected)")
        }
        return value
    }

    /// The value as something whose parser explains itself.
    package func value<Value, Failure: Error & CustomStringConvertible>(
        _ name: String,
        parsing convert: (String) throws(Failure) -> Value
    ) throws(UsageError) -> Value? {
        guard let text = value(name) else { return nil }
        do throws(Failure) {
            return try convert(text)
        } catch {
            throw usageError("\(label(name)): \(error.description)")
        }
    }

    /// How the option or argument is called in messages.
    private func label(_ name: String) -> String {
        path.options.contains { $0.long == name } ? "--\(name)" : "<\(name)>"
    }

    /// Plain digits, with or without a minus sign: `Int` would also take a plus sign.
    private func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
