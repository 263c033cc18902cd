// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

@Suite("ParsedCommand values")
struct ParsedValuesTests {
    private static func run(_ words: String) throws -> ParsedCommand {
        try SampleCommand.command("run 12 " + words)
    }

    @Test("whole numbers are read within their bounds")
    func readsIntegers() throws {
        #expect(try Self.run("--seed 65535").integer("seed", in: 0...65535) == 65535)
        #expect(try Self.run("--seed=-5").integer("seed", in: -5...5) == -5)
        #expect(try Self.run("").integer("seed", in: 0...9) == nil)
        #expect(try Self.run("").integer("protocol", in: 0...99) == 12)
        #expect(try Self.run("--seed 18446744073709551615").unsignedInteger("seed") == .max)
    }

    @Test(
        "what is no number within the bounds is refused",
        arguments: ["65536", "-1", "+1", "1.0", "0x10", "", "٣", "99999999999999999999"]
    )
    func refusesIntegers(text: String) throws {
        let command = try Self.run("--seed=\(text)")
        let error = #expect(throws: UsageError.self) {
            try command.integer("seed", in: 0...65535)
        }
        #expect(
            error?.message
                == "--seed: \"\(text)\" is not possible; expected is a whole number from 0 to 65535"
        )
    }

    @Test("an argument is named as the usage names it")
    func namesArguments() throws {
        let command = try Self.run("")
        let error = #expect(throws: UsageError.self) {
            try command.integer("protocol", in: 0...9)
        }
        #expect(
            error?.message
                == "<protocol>: \"12\" is not possible; expected is a whole number from 0 to 9"
        )
    }

    @Test(
        "times are read with their unit",
        arguments: [
            ("20ms", .milliseconds(20)), ("2s", .seconds(2)), ("5m", .seconds(300)),
            ("1h", .seconds(3600)), ("7", .seconds(7)), ("1.5s", .milliseconds(1500)),
            ("0.25", .milliseconds(250)), ("0", .zero),
            ("1.000000001", .nanoseconds(1_000_000_001)),
            ("0.5h", .seconds(1800)), ("0.001ms", .microseconds(1)),
            (
                "1.999999999h",
                .nanoseconds(7_199_999_996_400)
            ), ("262800h", .seconds(946_080_000)),
        ] as [(String, Duration)]
    )
    func readsDurations(text: String, expected: Duration) throws {
        #expect(DurationText.parse(text) == expected)
        #expect(try Self.run("--timeout \(text)").duration("timeout") == expected)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "s", "-1s", "1 s", "1.s", ".5s", "1.2.3", "2S", "2sec", "1e3", "1234567890",
            "999999999h", "1.1234567890s", "٣s",
        ]
    )
    func refusesDurations(text: String) throws {
        let words = ["run", "p", "--timeout=\(text)"]
        guard case .command(let command) = try SampleCommand.program.parse(words) else {
            Issue.record("no command")
            return
        }
        let error = #expect(throws: UsageError.self) { try command.duration("timeout") }
        #expect(
            error?.message
                == "--timeout: \"\(text)\" is not possible; expected is a time such as 20ms, 2s, "
                + "1.5s, 5m or 1h (plain: seconds)"
        )
    }

    @Test("a parser's own explanation becomes a usage error")
    func passesExplanationsOn() throws {
        let command = try Self.run("--seed 'x")
        let error = #expect(throws: UsageError.self) {
            try command.value("seed") { text throws(ShellWordsError) in
                try ShellWords.split(text)
            }
        }
        #expect(
            error?.message
                == "--seed: the quote ' at offset 0 is not closed; add another ', or write \\' for "
                + "the character itself"
        )
    }
}
