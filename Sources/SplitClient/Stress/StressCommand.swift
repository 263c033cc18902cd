// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// `splitclient stress`: many clients at once, every message checked at every receiver.
enum StressCommand {
    static let command = Arguments.Command(
        name: "stress",
        summary: "Has many clients talk at once and checks every message at every receiver.",
        details: [
            "The clients enter one after the other, then all talk at once. Each message has to "
                + "arrive at each of its receivers exactly once, in its sender's order, unchanged. "
                + "padded and channels: in channels of --group clients. json: all in one room. "
                + "hello and callback: to the others of its group in turn, eight "
                + "messages to each.",
            "At the end: the rate, the latency from sending to arriving, the cuts planned and "
                + "proven, and whatever was lost, doubled, reordered, corrupted, astray or not "
                + "asked for, with the command line that repeats the same texts and cuts.",
            "Exit status: 0 nothing was wrong, 1 something was, 2 wrong usage, 3 the clients could "
                + "not connect, 130 interrupted.",
        ],
        arguments: [
            CommandArgument("protocol", help: "padded, hello, json, callback or channels."),
            CommandArgument("host", help: "The server's name or IP address."),
            CommandArgument("port", help: "The server's port."),
        ],
        options: [
            .value("connections", "N", defaultText: "10", help: "How many clients."),
            .value("messages", "N", defaultText: "100", help: "How many messages each one sends."),
            .value(
                "cut", "PLAN",
                help: "Cut what is sent by this plan, each segment when the server has taken the "
                    + "one before. Without it messages leave as they come, as fast as may be."),
            .value(
                "pace", "WHEN", defaultText: "drained",
                help: "With --cut, when the next segment leaves: when the server has taken the one "
                    + "before (drained), or after a time."),
            .value(
                "seed", "N", defaultText: "a new one, which the report names",
                help: "Decides texts and random cuts."),
            .value("group", "N", defaultText: "10", help: "Clients that hear each other."),
            .value(
                "window", "N", defaultText: "8, callback 1",
                help: "Messages of one client that may be on their way at once."),
            .value("size", "BYTES", defaultText: "64", help: "Bytes of each text."),
            .value(
                "text", "KIND", defaultText: "ascii",
                help: "What texts are made of: ascii or unicode."),
            .value(
                "users", "FILE",
                help: "callback: the file of lines \"username password\" that the server has."),
            .value(
                "timeout", "TIME", defaultText: "10s",
                help: "How long nothing that is due may come before it is lost or unanswered."),
            .flag(
                "json", help: "Write the report as JSON, also of a run that could not be made."),
        ],
        examples: [
            CommandExample(
                "splitclient stress padded localhost 5000 --connections 100 --messages 1000",
                meaning: "A hundred clients in ten channels."),
            CommandExample(
                "splitclient stress hello localhost 5000 --cut random:7 --seed 1",
                meaning: "Every message cut at random, the same way whenever it is called again."),
        ]
    )

    static func run(_ options: StressOptions, _ streams: Streams) -> ProgramStatus {
        do throws(StressProblem) {
            let address = try address(of: options.server)
            try raiseLimit(for: options)
            return try StressCall(options, streams, address).run()
        } catch {
            streams.fail(error.sentence)
            if options.isJSON, error.status != .usage { print(error, options, streams) }
            return error.status
        }
    }

    /// A program that reads reports gets one, whatever happens.
    private static func print(
        _ problem: StressProblem, _ options: StressOptions, _ streams: Streams
    ) {
        var report = problem.report ?? StressReport(without: options, because: problem.sentence)
        report.failure = problem.sentence
        _ = try? streams.print(report.json)
    }

    private static func address(of server: HostAndPort) throws(StressProblem) -> SocketAddress {
        let shown = ServerConnection.shown(server)
        do throws(ServerConnection.Failure) {
            // Whichever address answers is the one that all clients connect to.
            let socket = try ServerConnection.connect(to: server)
            defer { socket.close() }
            return try remoteAddress(of: socket)
        } catch {
            throw StressProblem("cannot connect to \(shown): \(error.reason)", .cannotConnect)
        }
    }

    private static func remoteAddress(
        of socket: Socket
    ) throws(ServerConnection.Failure) -> SocketAddress {
        do throws(SystemCallError) {
            return try socket.remoteAddress()
        } catch {
            throw ServerConnection.Failure(reason: error.reason)
        }
    }

    /// Descriptors that a run needs beside those of its connections.
    private static let spareDescriptors: UInt64 = 32

    private static func raiseLimit(for options: StressOptions) throws(StressProblem) {
        let perClient: UInt64 = options.chat == .callback ? 2 : 1
        let needed = UInt64(options.connections) * perClient + spareDescriptors
        guard let limits = try? DescriptorLimits.current(), limits.soft < needed else { return }
        _ = try? DescriptorLimits(
            soft: max(limits.soft, min(needed, limits.hard)), hard: limits.hard
        )
        .apply()
        guard limits.hard < needed else { return }
        throw StressProblem(
            "\(options.connections) clients need \(needed) open files, and this process may have "
                + "\(limits.hard); raise the limit (ulimit -n \(needed)) or lower --connections",
            .cannotConnect)
    }
}

/// Why there is no report for people.
struct StressProblem: Error {
    var sentence: String
    var status: ProgramStatus
    /// How far the run has come.
    var report: StressReport?

    init(_ sentence: String, _ status: ProgramStatus) {
        self.sentence = sentence
        self.status = status
    }
}
