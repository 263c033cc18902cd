// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// `splitclient pipe`: standard input to a server in segments, the answers to standard output.
enum PipeCommand {
    static let command = Arguments.Command(
        name: "pipe",
        summary: "Sends standard input in segments and prints what comes back.",
        details: [
            "At the end of the input it ends its direction of the connection and reads to the "
                + "server's end. Standard error then says what was sent, and how many of the cuts "
                + "are proven: the server was seen to have taken all bytes before the cut when the "
                + "next one left. That can be seen where the server runs on this machine.",
            "Exit status: 0 the server ended the connection in order, 1 it reset the connection, "
                + "or standard input or output failed, 2 wrong usage, 3 nobody to connect to.",
        ],
        arguments: [
            .host,
            .port,
        ],
        options: [
            .value(
                "cut",
                "PLAN",
                help: "Where segments end: whole, bytes, every:N, at:N,..., straddle[:N], "
                    + "coalesce:N, parts:N, random:SEED[:MIN-MAX], utf8, escape, tokens or delimiter."
            ),
            .value(
                "framing",
                "KIND",
                defaultText: "none",
                help: "Where the input's messages end, which the plan is applied to one by one: "
                    + "fixed:N after each N bytes, line after each line feed, json after each "
                    + "object or array, none after each block that is read."
            ),
            .pace,
        ],
        examples: [
            CommandExample(
                "splitclient pipe localhost 5000 --cut at:1 --framing line < session.txt",
                meaning: "Sends each line in two segments, the first one of a byte."
            ),
            CommandExample(
                "splitclient pipe localhost 5000 --cut random:7:1-20 < frames.bin",
                meaning: "Cuts at random, and in the same places whenever it is called again."
            ),
        ]
    )

    static func run(_ options: PipeOptions, _ streams: Streams) -> ProgramStatus {
        let server = HostAndPort(host: options.host, port: options.port)
        do throws(ServerConnection.Failure) {
            return pipe(try ServerConnection.connect(to: server), options, streams, server)
        } catch {
            streams.fail("cannot connect to \(ServerConnection.shown(server)): \(error.reason)")
            return .cannotConnect
        }
    }

    private static func pipe(
        _ socket: Socket, _ options: PipeOptions, _ streams: Streams, _ server: HostAndPort
    ) -> ProgramStatus {
        let run: PipeRun
        do throws(SystemCallError) {
            run = try PipeRun(socket, options, streams)
        } catch {
            streams.fail("\(ServerConnection.shown(server)): \(error)")
            return .failed
        }
        let end = run.run()
        streams.complain("\(Program.name): \(run.tally.summary(pace: options.pace))\n")
        switch end {
        case .closed: return .success
        case .reset: streams.fail("\(ServerConnection.shown(server)) has reset the connection")
        case .failed(let error): streams.fail(error.description)
        }
        return .failed
    }
}
