// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

@Suite("UsageError")
struct UsageErrorTests {
    private static let program = "probe <command> [options]"
    private static let run = "probe run <protocol> [<only>...] [options]"
    private static let list = "probe list [<topic>] [options]"

    private static let mistakes: [(line: String, message: String, usage: String)] = [
        ("", "a command is missing; possible are run, list", program),
        ("rnu padded", "\"rnu\" is no command of probe; did you mean run?", program),
        ("serve", "\"serve\" is no command of probe; possible are run, list", program),
        ("run", "the argument <protocol> is missing: The protocol's name.", run),
        ("list a b", "\"b\" is one argument too many for probe list", list),
        (
            "run p --tarjet x", "probe run has no option \"--tarjet\"; did you mean --target?", run
        ),
        ("run p --tarjet=x", "probe run has no option \"--tarjet\"; did you mean --target?", run),
        ("run p --xyzzy", "probe run has no option \"--xyzzy\"", run),
        ("run p -seed 1", "probe run has no option \"-seed\"; did you mean --seed?", run),
        ("run p -x", "probe run has no option \"-x\"", run),
        ("--strict run p", "probe has no option \"--strict\"", program),
        ("run p --strict=yes", "--strict takes no value; write just --strict", run),
        ("-qv list", "--quiet takes no value; write just --quiet", program),
        ("run p --seed", "--seed lacks its value; write --seed=N", run),
        (
            "run p --seed --strict",
            "--seed lacks its value before \"--strict\"; write --seed=N, also where the value "
                + "itself begins with a dash", run
        ),
        ("run p --seed 1 --seed 2", "--seed is given twice; it can be given once", run),
        ("run p --strict --strict", "--strict is given twice; it can be given once", run),
        ("run p --\u{1B}[2J", "probe run has no option \"--\\x1B[2J\"", run),
    ]

    @Test("each mistake is named, with the usage and where to read more", arguments: mistakes)
    func namesTheMistake(line: String, message: String, usage: String) {
        let error = #expect(throws: UsageError.self) { try SampleCommand.parse(line) }
        let path = usage.split(separator: " ").prefix { !"<[".contains($0.prefix(1)) }
        #expect(
            error?.description == """
                error: \(message)
                usage: \(usage)
                see `\(path.joined(separator: " ")) --help`
                """
        )
    }

    @Test("a program can add mistakes that only it can see")
    func programsAddMistakes() throws {
        let error = try SampleCommand.command("list").usageError("nothing to list")
        #expect(
            error.description == """
                error: nothing to list
                usage: probe list [<topic>] [options]
                see `probe list --help`
                """
        )
    }
}
