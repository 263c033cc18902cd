// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

@Suite("Command.parse")
struct CommandLineParserTests {
    @Test(
        "a value may be attached or follow, and options stand anywhere",
        arguments: [
            "run padded --target a:1 --seed 7",
            "run --target=a:1 --seed=7 padded",
            "run -t a:1 padded --seed 7",
            "run -ta:1 --seed 7 -- padded",
        ]
    )
    func readsOptions(line: String) throws {
        let command = try SampleCommand.command(line)
        #expect(command.name == "run")
        #expect(command.value("protocol") == "padded")
        #expect(command.value("target") == "a:1")
        #expect(command.value("seed") == "7")
        #expect(!command.flag("strict"))
    }

    @Test("flags, repeated options and repeating arguments are all kept in order")
    func keepsAll() throws {
        let command = try SampleCommand.command(
            "run padded join.* --feature a --strict say.* --feature=b=2"
        )
        #expect(command.flag("strict"))
        #expect(command.values("feature") == ["a", "b=2"])
        #expect(command.values("only") == ["join.*", "say.*"])
        #expect(command.values("target") == [])
        #expect(command.value("target") == nil)
    }

    @Test("options of the program stand before or after the subcommand")
    func inheritsOptions() throws {
        #expect(try SampleCommand.command("-q list").flag("quiet"))
        #expect(try SampleCommand.command("list --quiet").flag("quiet"))
        #expect(try !SampleCommand.command("list").flag("quiet"))
    }

    @Test("after two dashes, and for one alone, a dash means nothing")
    func endsOptions() throws {
        let command = try SampleCommand.command("run -- --strict -x --")
        #expect(command.value("protocol") == "--strict")
        #expect(command.values("only") == ["-x", "--"])
        #expect(try SampleCommand.command("list -").value("topic") == "-")
    }

    @Test("values may be empty, hold equal signs, or begin with a dash where attached")
    func takesOddValues() throws {
        #expect(try SampleCommand.command("run p --seed=").value("seed") == "")
        #expect(try SampleCommand.command("run p --seed=a=b").value("seed") == "a=b")
        #expect(try SampleCommand.command("run p --seed=-5").value("seed") == "-5")
        #expect(try SampleCommand.command("run p --seed -").value("seed") == "-")
    }

    @Test("an optional argument may be left out")
    func leavesOptionalOut() throws {
        #expect(try SampleCommand.command("list").value("topic") == nil)
        #expect(try SampleCommand.command("list requirements").value("topic") == "requirements")
    }

    @Test("the version and the help are texts for standard output")
    func showsTexts() throws {
        guard case .text(let version) = try SampleCommand.parse("--version"),
            case .text(let help) = try SampleCommand.parse("-h"),
            case .text(let runHelp) = try SampleCommand.parse("run --target x -h --nonsense")
        else {
            Issue.record("no text")
            return
        }
        #expect(version == "probe 1.2.3\n")
        #expect(help == HelpText.render(SampleCommand.program))
        #expect(runHelp.hasPrefix("probe run: Run the scenarios of a protocol.\n"))
    }
}
