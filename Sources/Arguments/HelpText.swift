// SPDX-License-Identifier: Apache-2.0

/// The help of a command, in aligned columns.
package enum HelpText {
    /// The whole help of a program, with a line feed at its end.
    package static func render(_ command: Command, width: Int = 100) -> String {
        render(CommandPath(command), width: width)
    }

    static func render(_ path: CommandPath, width: Int) -> String {
        let width = min(max(width, 60), 120)
        let command = path.current
        var blocks = [
            TextWrap.wrap("\(path.name): \(command.summary)", indent: 0, width: width),
            ["usage: \(path.usage)"],
        ]
        blocks += command.details.map { TextWrap.wrap($0, indent: 0, width: width) }
        for (title, rows) in sections(path) where !rows.isEmpty {
            blocks.append([title] + table(rows, width: width))
        }
        if !command.examples.isEmpty {
            blocks.append(["Examples:"] + command.examples.flatMap { example($0, width: width) })
        }
        if !command.subcommands.isEmpty {
            blocks.append(["See `\(path.name) <command> --help` for one command."])
        }
        return blocks.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    private typealias Row = (label: String, help: String)

    private static func sections(_ path: CommandPath) -> [(title: String, rows: [Row])] {
        let command = path.current
        let inherited = path.commands.dropLast().reversed().flatMap(\.options)
        return [
            ("Commands:", command.subcommands.map { ($0.name, $0.summary) }),
            ("Arguments:", command.arguments.map { ("<\($0.name)>", $0.help) }),
            ("Options:", (command.options + path.builtInOptions).map(row)),
            ("Options of every command:", inherited.map(row)),
        ]
    }

    private static func row(_ option: CommandOption) -> Row {
        let short = option.short.map { "-\($0), " } ?? "    "
        let value = option.placeholder.map { " \($0)" } ?? ""
        var notes: [String] = []
        if let text = option.defaultText { notes.append("default: \(text)") }
        if option.isRepeatable { notes.append("can be repeated") }
        let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
        return ("\(short)--\(option.long)\(value)", option.help + note)
    }

    /// Labels at the left, help beside them; beneath, where a label is too long.
    private static func table(_ rows: [Row], width: Int) -> [String] {
        let column = min(rows.map { $0.label.count }.max() ?? 0, 28) + 4
        return rows.flatMap { row -> [String] in
            let label = "  " + row.label
            var lines = TextWrap.wrap(row.help, indent: column, width: width)
            guard label.count + 2 <= column, let first = lines.first else { return [label] + lines }
            lines[0] = label + first.dropFirst(label.count)
            return lines
        }
    }

    private static func example(_ example: CommandExample, width: Int) -> [String] {
        ["  " + example.line] + TextWrap.wrap(example.meaning, indent: 6, width: width)
    }
}

/// Lines of words.
enum TextWrap {
    /// Breaks at spaces; a word longer than the width stands in a line by itself.
    static func wrap(_ text: String, indent: Int, width: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                lines.append(margin + line)
                line = ""
            }
            line += line.isEmpty ? word[...] : " " + word
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines
    }
}
