// SPDX-License-Identifier: Apache-2.0

/// What a program, or one of its subcommands, understands on the command line.
///
/// A command has either subcommands or arguments. `-h` and `--help` are understood everywhere,
/// `--version` where the program has a version; nobody declares them. Options stand before or
/// after arguments; a subcommand understands those of the commands above it, too.
package struct Command: Sendable {
    package var name: String
    /// One line, for the list of the command above and for the head of the help.
    package var summary: String
    /// Paragraphs after the usage line; empty for none.
    package var details: [String]
    package var version: String?
    /// In the order in which they stand; only the last one may be optional or repeating.
    package var arguments: [CommandArgument]
    package var options: [CommandOption]
    package var subcommands: [Command]
    package var examples: [CommandExample]

    package init(
        name: String,
        summary: String,
        details: [String] = [],
        version: String? = nil,
        arguments: [CommandArgument] = [],
        options: [CommandOption] = [],
        subcommands: [Command] = [],
        examples: [CommandExample] = []
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.version = version
        self.arguments = arguments
        self.options = options
        self.subcommands = subcommands
        self.examples = examples
    }
}

/// A word that is known by its place.
package struct CommandArgument: Sendable {
    package enum Presence: Sendable {
        case required
        case optional
        /// Any number, none included.
        case repeating
        /// One or more.
        case repeatingFromOne
    }

    package var name: String
    package var help: String
    package var presence: Presence

    package init(_ name: String, help: String, presence: Presence = .required) {
        self.name = name
        self.help = help
        self.presence = presence
    }
}

/// A word that is known by its name, with or without a value.
package struct CommandOption: Sendable {
    /// Without the dashes.
    package var long: String
    package var short: Character?
    /// What stands for the value in the help; `nil` for a flag, which has none.
    package var placeholder: String?
    /// What holds where the option is not given, for the help.
    package var defaultText: String?
    package var help: String
    package var isRepeatable: Bool

    /// An option that is there or not.
    package static func flag(
        _ long: String,
        short: Character? = nil,
        help: String,
        isRepeatable: Bool = false
    ) -> CommandOption {
        CommandOption(long: long, short: short, help: help, isRepeatable: isRepeatable)
    }

    /// An option with a value.
    package static func value(
        _ long: String,
        short: Character? = nil,
        _ placeholder: String,
        defaultText: String? = nil,
        help: String,
        isRepeatable: Bool = false
    ) -> CommandOption {
        CommandOption(
            long: long,
            short: short,
            placeholder: placeholder,
            defaultText: defaultText,
            help: help,
            isRepeatable: isRepeatable
        )
    }
}

/// A command line as one would type it, and what it does.
package struct CommandExample: Sendable {
    package var line: String
    package var meaning: String

    package init(_ line: String, meaning: String) {
        self.line = line
        self.meaning = meaning
    }
}

extension CommandOption {
    static let help = CommandOption.flag("help", short: "h", help: "Show this help.")
    static let version = CommandOption.flag("version", help: "Show the version.")
}
