// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a command line asks for.
package enum ParsedLine: Sendable {
    case command(ParsedCommand)
    /// A text to show on standard output, before ending well: the help or the version.
    case text(String)
}

extension Command {
    /// Understands the words after the program's name.
    ///
    /// `--name=value` and `--name value`, `-n value` and `-nvalue`; `--` ends the options. A value
    /// that begins with a dash must be attached. Throws `UsageError` at the first mistake.
    package func parse(_ words: [String], helpWidth: Int = 100) throws(UsageError) -> ParsedLine {
        var parser = CommandLineParser(root: self, words: words, helpWidth: helpWidth)
        return try parser.parse()
    }
}

private struct CommandLineParser {
    private let words: [String]
    private let helpWidth: Int
    private var index = 0
    private var path: CommandPath
    private var values: [String: [String]] = [:]
    private var positionals: [String] = []

    init(root: Command, words: [String], helpWidth: Int) {
        path = CommandPath(root)
        self.words = words
        self.helpWidth = helpWidth
    }

    mutating func parse() throws(UsageError) -> ParsedLine {
        var optionsEnded = false
        while let word = take() {
            if optionsEnded || word == "-" || word.utf8.first != UInt8(ascii: "-") {
                try positional(word)
            } else if word == "--" {
                optionsEnded = true
            } else if let text = try option(word) {
                return .text(text)
            }
        }
        try assignPositionals()
        return .command(ParsedCommand(path: path, values: values))
    }

    private mutating func take() -> String? {
        guard index < words.count else { return nil }
        defer { index += 1 }
        return words[index]
    }

    private mutating func positional(_ word: String) throws(UsageError) {
        let subcommands = path.current.subcommands
        guard !subcommands.isEmpty else {
            positionals.append(word)
            return
        }
        guard let command = subcommands.first(where: { $0.name == word }) else {
            let names = subcommands.map(\.name)
            let hint = hint(word, in: names)
            let possible = hint.isEmpty ? "; possible are \(names.joined(separator: ", "))" : hint
            throw path.usageError("\(shown(word)) is no command of \(path.name)" + possible)
        }
        path.descend(into: command)
    }

    /// Takes an option and its value; the text to show, where it asks for one.
    private mutating func option(_ word: String) throws(UsageError) -> String? {
        let (option, attached) = try find(word)
        let name = option.long
        if option.placeholder == nil, attached != nil {
            throw path.usageError("--\(name) takes no value; write just --\(name)")
        }
        if name == CommandOption.help.long { return HelpText.render(path, width: helpWidth) }
        if name == CommandOption.version.long, let version = path.versionText {
            return version + "\n"
        }
        guard option.isRepeatable || values[name] == nil else {
            throw path.usageError("--\(name) is given twice; it can be given once")
        }
        let value = option.placeholder == nil ? "" : try value(of: option, attached: attached)
        values[name, default: []].append(value)
        return nil
    }

    /// The option that a word names, and the value that is attached to it.
    private func find(_ word: String) throws(UsageError) -> (CommandOption, attached: String?) {
        let isLong = word.utf8.starts(with: "--".utf8)
        guard isLong else { return try findShort(word) }
        let body = word.dropFirst(2)
        let equals = body.utf8.firstIndex(of: UInt8(ascii: "="))
        let name = String(body[..<(equals ?? body.endIndex)])
        let attached = equals.map { String(body[body.utf8.index(after: $0)...]) }
        guard let option = path.options.first(where: { $0.long == name }) else {
            let names = path.options.map { "--" + $0.long }
            throw path.usageError(
                "\(path.name) has no option \(shown("--" + name))" + hint("--" + name, in: names)
            )
        }
        return (option, attached)
    }

    private func findShort(_ word: String) throws(UsageError) -> (CommandOption, attached: String?)
    {
        let rest = word.dropFirst()
        guard let letter = rest.first,
            let option = path.options.first(where: { $0.short == letter })
        else {
            let names = path.options.map { "--" + $0.long }
            throw path.usageError(
                "\(path.name) has no option \(shown(word))" + hint("-" + word, in: names)
            )
        }
        let value = String(rest.dropFirst())
        return (option, value.isEmpty ? nil : value)
    }

    private mutating func value(
        of option: CommandOption,
        attached: String?
    ) throws(UsageError) -> String {
        if let attached { return attached }
        let expected = "--\(option.long)=\(option.placeholder ?? "")"
        guard let value = take() else {
            throw path.usageError("--\(option.long) lacks its value; write \(expected)")
        }
        guard value == "-" || value.utf8.first != UInt8(ascii: "-") else {
            throw path.usageError(
                "--\(option.long) lacks its value before \(shown(value)); write \(expected), also "
                    + "where the value itself begins with a dash"
            )
        }
        return value
    }

    private mutating func assignPositionals() throws(UsageError) {
        guard path.current.subcommands.isEmpty else {
            let names = path.current.subcommands.map(\.name).joined(separator: ", ")
            throw path.usageError("a command is missing; possible are \(names)")
        }
        var rest = positionals[...]
        for argument in path.current.arguments {
            let taken = argument.isRepeating ? rest : rest.prefix(1)
            rest = rest.dropFirst(taken.count)
            if !taken.isEmpty { values[argument.name] = Array(taken) }
            guard !taken.isEmpty || !argument.isNeeded else {
                throw path.usageError(
                    "the argument <\(argument.name)> is missing: \(argument.help)"
                )
            }
        }
        if let first = rest.first {
            throw path.usageError(
                "\(shown(first)) is one argument too many for \(path.name)"
            )
        }
    }

    private func shown(_ word: String) -> String { ByteEscaping.quoted(word.utf8) }

    private func hint(_ word: String, in names: [String]) -> String {
        Suggestion.nearest(to: word, in: names).map { "; did you mean \($0)?" } ?? ""
    }
}

extension CommandArgument {
    fileprivate var isRepeating: Bool { presence == .repeating || presence == .repeatingFromOne }
    fileprivate var isNeeded: Bool { presence == .required || presence == .repeatingFromOne }
}
