// SPDX-License-Identifier: Apache-2.0

import Arguments

/// A program with all that a command line can have.
enum SampleCommand {
    static let program = Command(
        name: "probe",
        summary: "looks at servers",
        details: ["It connects to a server and tells what it sees."],
        version: "1.2.3",
        options: [.flag("quiet", short: "q", help: "Say nothing but errors.")],
        subcommands: [run, list]
    )

    static let run = Command(
        name: "run",
        summary: "Run the scenarios of a protocol.",
        arguments: [
            CommandArgument("protocol", help: "The protocol's name."),
            CommandArgument("only", help: "Ids of scenarios.", presence: .repeating),
        ],
        options: [
            .value("target", short: "t", "HOST:PORT", help: "The server's address."),
            .value("seed", "N", defaultText: "random", help: "The seed of all generated names."),
            .value("timeout", "TIME", defaultText: "2s", help: "How long an answer may take."),
            .value(
                "feature",
                "NAME[=VALUE]",
                help: "Something that the server offers, and that no placeholder of the launch "
                    + "line declares.",
                isRepeatable: true
            ),
            .flag("strict", help: "Count warnings as failures."),
        ],
        examples: [
            CommandExample("probe run padded -t 127.0.0.1:9000", meaning: "Asks a server.")
        ]
    )

    static let list = Command(
        name: "list",
        summary: "List what there is.",
        arguments: [CommandArgument("topic", help: "What to list.", presence: .optional)]
    )

    /// What a line of words, separated by spaces, becomes.
    static func parse(_ line: String) throws -> ParsedLine {
        try program.parse(line.split(separator: " ").map(String.init))
    }

    /// The command that a line asks for; throws, too, where it asks for a text.
    static func command(_ line: String) throws -> ParsedCommand {
        switch try parse(line) {
        case .command(let command): return command
        case .text(let text): throw AskedForText(text: text)
        }
    }

    struct AskedForText: Error {
        let text: String
    }
}
