// SPDX-License-Identifier: Apache-2.0

/// A program and the subcommands chosen so far, the program first.
struct CommandPath: Sendable {
    private(set) var commands: [Command]

    init(_ root: Command) {
        commands = [root]
        current = root
    }

    private(set) var current: Command

    mutating func descend(into command: Command) {
        commands.append(command)
        current = command
    }

    /// The words that lead here: `conformance run`.
    var name: String { commands.map(\.name).joined(separator: " ") }

    /// What the program's version option shows; `nil` where there is none.
    var versionText: String? {
        commands.first.flatMap { root in root.version.map { "\(root.name) \($0)" } }
    }

    /// All options understood here: the command's, those above it, the ones that all have.
    var options: [CommandOption] {
        commands.reversed().flatMap(\.options) + builtInOptions
    }

    var builtInOptions: [CommandOption] {
        versionText == nil ? [.help] : [.help, .version]
    }

    /// What follows `usage: `.
    var usage: String {
        let command = current.subcommands.isEmpty ? nil : "<command>"
        let words = [name, command].compactMap { $0 } + current.arguments.map(\.usage)
        return (words + ["[options]"]).joined(separator: " ")
    }

    func usageError(_ message: String) -> UsageError {
        UsageError(message: message, usage: usage, helpCommand: "\(name) --help")
    }
}

extension CommandArgument {
    /// The argument in a usage line.
    var usage: String {
        switch presence {
        case .required: "<\(name)>"
        case .optional: "[<\(name)>]"
        case .repeating: "[<\(name)>...]"
        case .repeatingFromOne: "<\(name)>..."
        }
    }
}
