// SPDX-License-Identifier: Apache-2.0

/// An option that servers of one protocol have, as a command line needs to know it.
package struct ProtocolOption: Sendable {
    /// What its values look like.
    package enum Values: Sendable {
        case integers(ClosedRange<Int>)
        case words([String])
        /// Times within these bounds.
        case durations(ClosedRange<Duration>)
        case texts
        /// Those that the function accepts; the words say which, as in "a name of letters".
        case matching(String, @Sendable (String) -> Bool)

        /// Paths of database files; not what SQLite's own tools take for something else.
        static let databaseFiles = Values.matching(
            "a path: leave the option out to keep all in memory, and write ./:memory: or ./file:x for a "
                + "file of that name"
        ) { !$0.isEmpty && $0 != ":memory:" && !$0.hasPrefix("file:") }
    }

    /// Without dashes.
    package let name: String

    /// What stands for the value in a help text.
    package let placeholder: String
    package let values: Values

    /// What holds where it is not given, for a help text.
    package let defaultText: String?
    package let help: String
    package let isRepeatable: Bool

    init(
        _ name: String,
        _ placeholder: String,
        _ values: Values,
        defaultText: String? = nil,
        help: String,
        isRepeatable: Bool = false
    ) {
        self.name = name
        self.placeholder = placeholder
        self.values = values
        self.defaultText = defaultText
        self.help = help
        self.isRepeatable = isRepeatable
    }
}

/// A file that servers of one protocol read at their start; its name stands behind the port.
package struct ProtocolFile: Sendable {
    /// How a usage line calls it.
    package let name: String
    package let help: String

    /// Whether a server can do without it.
    package let isOptional: Bool

    /// What is wrong with its contents, or `nil`.
    package let problem: @Sendable ([UInt8]) -> FileProblem?

    init(
        _ name: String,
        help: String,
        isOptional: Bool = false,
        problem: @escaping @Sendable ([UInt8]) -> FileProblem?
    ) {
        self.name = name
        self.help = help
        self.isOptional = isOptional
        self.problem = problem
    }
}

/// Why a server cannot be started as it was asked to be, at the address that it listens on.
package struct StartProblem: Error, Equatable, Sendable {
    /// The name of the ``ProtocolFile`` that it stands in, if it does.
    package var file: String?
    /// Counts from 1.
    package var line = 0
    /// What is wrong and what would be right.
    package let reason: String
}

/// What is wrong with a file's contents, and where.
package struct FileProblem: Error, Equatable, Sendable {
    /// Counts from 1.
    package let line: Int
    /// What is wrong and what would be right.
    package let reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }
}

/// What was given for the options and files of a protocol; empty for the server that the page describes.
///
/// Who fills it in has seen that each value is one of its option's, and that no file has a problem.
package struct ServerConfiguration: Sendable {
    private var given: [String: [String]] = [:]
    private var durations: [String: Duration] = [:]
    private var files: [String: [UInt8]] = [:]

    package init() {}

    /// Notes one more value of the option.
    package mutating func give(_ value: String, for option: ProtocolOption) {
        given[option.name, default: []].append(value)
    }

    /// Notes the value of an option whose values are times.
    package mutating func give(_ value: Duration, for option: ProtocolOption) {
        durations[option.name] = value
    }

    /// Notes what a file holds.
    package mutating func give(contents: [UInt8], of file: ProtocolFile) {
        files[file.name] = contents
    }

    /// What the file holds, or `nil` where none was given.
    func contents(_ name: String) -> [UInt8]? { files[name] }

    /// The option's value as a time.
    func duration(_ name: String) -> Duration? { durations[name] }

    /// The option's value, or `nil` where none was given; the last one of several.
    func text(_ name: String) -> String? { given[name]?.last }

    /// All values of the option, in their order.
    func texts(_ name: String) -> [String] { given[name] ?? [] }

    /// The option's value as a number.
    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
}
