// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

@Suite("HelpText")
struct HelpTextTests {
    @Test("the help of a program lists its commands")
    func rendersTheProgram() {
        #expect(
            HelpText.render(SampleCommand.program, width: 80) == """
                probe: looks at servers

                usage: probe <command> [options]

                It connects to a server and tells what it sees.

                Commands:
                  run   Run the scenarios of a protocol.
                  list  List what there is.

                Options:
                  -q, --quiet    Say nothing but errors.
                  -h, --help     Show this help.
                      --version  Show the version.

                See `probe <command> --help` for one command.

                """
        )
    }

    @Test("the help of a command is aligned and wrapped")
    func rendersACommand() throws {
        guard case .text(let help) = try SampleCommand.program.parse(["run", "-h"], helpWidth: 80)
        else {
            Issue.record("no text")
            return
        }
        #expect(
            help == """
                probe run: Run the scenarios of a protocol.

                usage: probe run <protocol> [<only>...] [options]

                Arguments:
                  <protocol>  The protocol's name.
                  <only>      Ids of scenarios.

                Options:
                  -t, --target HOST:PORT      The server's address.
                      --seed N                The seed of all generated names. (default: random)
                      --timeout TIME          How long an answer may take. (default: 2s)
                      --feature NAME[=VALUE]  Something that the server offers, and that no
                                              placeholder of the launch line declares. (can be
                                              repeated)
                      --strict                Count warnings as failures.
                  -h, --help                  Show this help.
                      --version               Show the version.

                Options of every command:
                  -q, --quiet  Say nothing but errors.

                Examples:
                  probe run padded -t 127.0.0.1:9000
                      Asks a server.

                """
        )
    }

    @Test("no line is wider than asked, whatever the width", arguments: [60, 72, 80, 100])
    func keepsTheWidth(width: Int) throws {
        for words in [["-h"], ["run", "-h"], ["list", "-h"]] {
            guard case .text(let help) = try SampleCommand.program.parse(words, helpWidth: width)
            else {
                Issue.record("no text")
                return
            }
            #expect(help.split(separator: "\n").allSatisfy { $0.count <= width })
        }
    }

    @Test("a label too long for its column has its help beneath")
    func breaksLongLabels() {
        let command = Command(
            name: "p",
            summary: "s",
            options: [
                .value("a-rather-long-option-name", "WITH-A-LONG-PLACEHOLDER", help: "Helps.")
            ]
        )
        #expect(
            HelpText.render(command).contains(
                """
                      --a-rather-long-option-name WITH-A-LONG-PLACEHOLDER
                                                Helps.
                  -h, --help                    Show this help.

                """
            )
        )
    }
}
