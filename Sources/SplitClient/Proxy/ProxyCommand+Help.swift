// SPDX-License-Identifier: Apache-2.0

import Arguments

extension ProxyCommand {
    static let command = Arguments.Command(
        name: "proxy",
        summary: "Stands between clients and a server and cuts what they send each other.",
        details: [
            "Each segment leaves when its receiver has taken the one before (--pace). A message "
                + "that is not whole, or that waits for another one, waits no longer than --flush. "
                + "What one side ends or resets is ended or reset on the other side when all that "
                + "came before is there.",
            "SIGINT and SIGTERM end it. Standard error then says for each direction what went "
                + "through, and how many of the cuts are proven.",
            "Exit status: 0 it was ended, or has served --connections; 1 it could not listen or "
                + "not write its log, 2 wrong usage, 3 the server's name has no address.",
        ],
        options: places + cutting + [
            .value(
                "pace", "WHEN", defaultText: "drained",
                help: "When the next segment leaves: when the receiver has taken the one before "
                    + "(drained), or after a time."),
            .value(
                "flush", "TIME", defaultText: "20ms",
                help: "How long the beginning of a segment may wait for the rest."),
        ] + ends("", from: "clients") + ends("back-", from: "the server") + [
            .value(
                "log", "FILE",
                help: "Write where segments ended, as offsets in each stream; flushes go to "
                    + "FILE.flushes."),
            .value(
                "replay", "FILE",
                help: "Cut each connection where this log says, instead of by plans."),
            .value(
                "connections", "N", defaultText: "never ends",
                help: "End when so many connections have been served."),
        ],
        examples: [
            CommandExample(
                "splitclient proxy --listen 4000 --to localhost:5000 --cut bytes --back straddle "
                    + "--framing line",
                meaning: "Clients of port 4000 reach the server byte by byte, and get its lines "
                    + "one and a half at a time."),
            CommandExample(
                "splitclient proxy --listen 4000 --to localhost:5000 --cut random --seed 7 "
                    + "--log cuts.txt",
                meaning: "Other cuts on each connection, and a log that --replay repeats."),
        ]
    )

    private static let places: [CommandOption] = [
        .value(
            "listen", "PORT",
            help: "Where clients connect: PORT on this machine alone, or HOST:PORT; port 0 takes a "
                + "free one. \"listening on HOST:PORT\" on standard output says it is ready."),
        .value("to", "HOST:PORT", help: "The server."),
    ]

    private static let cutting: [CommandOption] = [
        .value(
            "cut", "PLAN", defaultText: "whole",
            help: "Where segments from clients to the server end: a plan as for pipe, or random: "
                + "each connection with other cuts, drawn from --seed. whole lets all through as "
                + "it comes."),
        .value(
            "back", "PLAN", defaultText: "whole",
            help: "The same from the server to clients."),
        .value(
            "framing", "KIND", defaultText: "none",
            help: "Where messages end, in both directions: fixed:N after each N bytes, line after "
                + "each line feed, json after each object or array. With none, bytes, every and "
                + "random cut the whole stream as one message; other plans take each block that "
                + "is read for one."),
        .value(
            "seed", "N", defaultText: "a new one, which is told",
            help: "Decides the cuts of a plan random."),
    ]

    private static func ends(_ prefix: String, from source: String) -> [CommandOption] {
        [
            .value(
                prefix + "delay", "TIME", defaultText: "0ms",
                help: "All that comes from \(source) leaves so much later."),
            .value(
                prefix + "reset-at", "N",
                help: "Reset the connection, on both sides, after N bytes from \(source)."),
            .value(
                prefix + "close-at", "N",
                help: "End the direction after N bytes from \(source); the rest is thrown away."),
        ]
    }
}
