// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// `splitclient chat`: a client for people and scripts.
enum ChatCommand {
    static let command = Arguments.Command(
        name: "chat",
        summary: "Talks to a server as a client, interactively or in a script.",
        details: [
            "padded: each line is a message, or /create, /join, /list. hello: LIST, and @name text "
                + "(or SEND name text). json: login NAME, msg TEXT, names, help, logout. callback: "
                + "asks for name and password, then /list, /to, /toall, /exit. channels: REGISTER, "
                + "LOGIN, CREATE, JOIN, CHANNELS, SAY; any other line is said in the last channel.",
            "On a terminal lines are edited, with a history, and what comes in appears above what is "
                + "being typed. From a pipe each line is taken as if it were typed; at its end the "
                + "client ends its direction and shows what comes until the server ends its own.",
            "Exit status: 0 the end was wished for, 1 the server is gone or refuses the client, "
                + "2 wrong usage, 3 nobody to connect to, 130 interrupted.",
        ],
        arguments: [
            CommandArgument("protocol", help: "padded, hello, json, callback or channels."),
            .host,
            .port,
            CommandArgument(
                "name", help: "Who you are; padded needs it, hello and json log in with it.",
                presence: .optional),
        ],
        options: [
            .value(
                "cut", "PLAN", defaultText: "whole",
                help: "Cut what is sent by this plan, each segment when the server has taken the "
                    + "one before. Plans that join messages hold lines back for each other."),
            .pace,
            .value(
                "wait", "TIME", defaultText: "5s",
                help: "How long the server may take to answer where that is waited for, to take "
                    + "what is said, and to end after the end of the input."),
            .flag(
                "prompts",
                help: "Show marks such as [Me] and their wipes even where standard output is no "
                    + "terminal."),
        ],
        examples: [
            CommandExample(
                "splitclient chat padded localhost 5000 Scott",
                meaning: "Joins as Scott, with the [Me] prompt."),
            CommandExample(
                "printf 'login ann\\nmsg hi\\nlogout\\n' | splitclient chat json localhost 5000 --cut bytes",
                meaning: "The same from a script, byte by byte."),
        ]
    )

    static func run(_ options: ChatOptions, _ streams: Streams) -> ProgramStatus {
        let socket: Socket
        do throws(ServerConnection.Failure) {
            socket = try ServerConnection.connect(to: options.server)
        } catch {
            streams.complain("Unable to connect to \(shown(options))\n")
            streams.complain("\(Program.name): \(error.reason)\n")
            return .cannotConnect
        }
        let signals = streams.chatSignals()
        let console = console(options, streams)
        let run: ChatRun
        do throws(SystemCallError) {
            run = try ChatRun(socket, options, console: console, signals: signals)
        } catch {
            streams.fail(error.description)
            return .failed
        }
        let outcome = run.run()
        console.close()
        if options.plan != .whole {
            let tally = run.tally
            streams.complain(
                "\(Program.name): \(Counted.text(tally.planned, "cut")) planned, "
                    + "\(Counted.grouped(tally.proven)) proven\n")
        }
        return status(of: outcome, options, streams)
    }

    private static func console(_ options: ChatOptions, _ streams: Streams) -> any ChatConsole {
        if let console = EditedConsole(streams) { return console }
        let isEchoed = Terminal.isTerminal(streams.input.number)
        return PlainConsole(
            streams, showsMarks: options.showsMarks || isEchoed, isEchoed: isEchoed)
    }

    private static func status(
        of outcome: ChatOutcome, _ options: ChatOptions, _ streams: Streams
    ) -> ProgramStatus {
        switch outcome {
        case .asWished: return .success
        case .refused: return .failed
        case .serverGone:
            streams.complain("Server at \(shown(options)) has disconnected\n")
            return .failed
        case .endlessMessage:
            let limit = ChatRun.longestMessage >> 20
            streams.fail("the server has sent \(limit) MiB without the end of a message")
            return .failed
        case .notTaken:
            let time = StressReport.time(options.wait)
            streams.fail(
                "the server has not taken what was said for \(time); "
                    + "what was said after that is lost")
            return .failed
        case .interrupted: return .interrupted
        case .failed(let error):
            streams.fail(error.description)
            return .failed
        }
    }

    /// The two arguments as they were typed.
    private static func shown(_ options: ChatOptions) -> String {
        ByteEscaping.escape("\(options.server.host):\(options.server.port)".utf8)
    }
}
