// SPDX-License-Identifier: Apache-2.0

import Arguments
import ChatProtocols
import Posix

/// The command line.
enum ServerCommand {
    enum Request {
        /// Print this on standard output and end well.
        case show(String)
        case serve(ServerOptions)
    }

    static let version = "0.1.0"

    /// One subcommand for each protocol of the catalog, and options that all understand.
    static let description = Arguments.Command(
        name: "refserver",
        summary: "reference server for small chat protocols",
        details: [
            "When it is ready it writes one line to standard output, "
                + "\"listening on ADDRESS:PORT\", and nothing else; the log goes to standard "
                + "error. SIGINT and SIGTERM stop it with status 0."
        ],
        version: version,
        options: options,
        subcommands: ProtocolCatalog.protocols.map { chatProtocol in
            Arguments.Command(
                name: chatProtocol.name,
                summary: chatProtocol.summary,
                arguments: arguments(chatProtocol),
                options: chatProtocol.options.map(\.commandOption)
            )
        },
        examples: [
            CommandExample("refserver padded 5000", meaning: "serve padded on 127.0.0.1:5000"),
            CommandExample("refserver padded 0 --fault list", meaning: "name padded's faults"),
            CommandExample(
                "refserver hello 0 --capacity 4", meaning: "serve hello to four users at once"),
            CommandExample(
                "refserver callback 0 users.txt", meaning: "serve callback to the users of a file"),
            CommandExample(
                "refserver channels 4400 --database chat.db",
                meaning: "serve channels, and keep everything"),
            CommandExample(
                "refserver channels 4400 peers.txt --bind 127.0.0.2",
                meaning: "serve channels, federated"),
        ]
    )

    private static func arguments(_ chatProtocol: ChatProtocol) -> [CommandArgument] {
        [CommandArgument("port", help: "port to listen on; 0 takes a free one")]
            + chatProtocol.files.map { file in
                CommandArgument(
                    file.name, help: file.help, presence: file.isOptional ? .optional : .required)
            }
    }

    /// The same for who wants a list of faults, and has no files.
    private static var withoutFiles: Arguments.Command {
        var command = description
        for index in command.subcommands.indices {
            for file in command.subcommands[index].arguments.indices.dropFirst() {
                command.subcommands[index].arguments[file].presence = .optional
            }
        }
        return command
    }

    private static let options = [
        CommandOption.value(
            "bind",
            "ADDRESS",
            defaultText: "127.0.0.1",
            help: "IP address to listen on."
        ),
        .value(
            "max-connections",
            "N",
            defaultText: "as many as there are descriptors",
            help: "Clients at once; further ones are accepted and closed at once."
        ),
        .value(
            "send-queue",
            "BYTES",
            defaultText: "1048576",
            help: "What others may cause to wait for a client that does not read, which is then "
                + "dropped."
        ),
        .value(
            "log-level",
            "LEVEL",
            defaultText: "info",
            help: "error, warning, info or debug."
        ),
        .value(
            "fault",
            "NAME",
            help: "Serve with one named defect, to test a test suite; \"list\" names them."
        ),
    ]

    static func parse(_ words: [String]) throws(UsageError) -> Request {
        do throws(UsageError) {
            switch try description.parse(words) {
            case .text(let text): return .show(text)
            case .command(let line): return try request(line)
            }
        } catch {
            guard case .command(let line)? = try? withoutFiles.parse(words),
                line.value("fault") == "list"
            else { throw error }
            return try request(line)
        }
    }

    private static func request(_ line: ParsedCommand) throws(UsageError) -> Request {
        guard let chatProtocol = ProtocolCatalog.find(line.name) else {
            throw line.usageError("no protocol is named \(line.name)")
        }
        let port = try line.integer("port", in: 0...65_535) ?? 0
        let fault = line.value("fault")
        if fault == "list" { return .show(list(chatProtocol.faults)) }
        let expected = "an IP address such as 127.0.0.1, 0.0.0.0, ::1 or fe80::1%eth0"
        let host = try line.value("bind", expected: expected) { IPAddress(parsing: $0) }
        if let lack = host?.lackOfScope { throw line.usageError("--bind: \(lack)") }
        let address = SocketAddress(host ?? .loopback4, port: UInt16(clamping: port))
        var options = ServerOptions(chatProtocol: chatProtocol, address: address)
        options.limits.connections =
            try line.integer("max-connections", in: 1...Int.max) ?? options.limits.connections
        options.limits.sendQueue =
            try line.integer("send-queue", in: 1...Int.max) ?? options.limits.sendQueue
        options.logLevel = try logLevel(line) ?? options.logLevel
        options.configuration = try line.configuration(chatProtocol.options)
        options.files = line.paths(chatProtocol.files)
        options.fault = try faultOption(line, of: chatProtocol)
        return .serve(options)
    }

    private static func logLevel(_ line: ParsedCommand) throws(UsageError) -> Log.Level? {
        let expected = Log.Level.allCases.map(\.name).joined(separator: ", ")
        return try line.value("log-level", expected: "one of \(expected)") { text in
            Log.Level.allCases.first { $0.name == text }
        }
    }

    private static func faultOption(
        _ line: ParsedCommand,
        of chatProtocol: ChatProtocol
    ) throws(UsageError) -> Fault? {
        let expected = "one of those that --fault list names"
        return try line.value("fault", expected: expected, chatProtocol.fault(named:))
    }

    /// One line for each: its name, the requirement that it breaks, and how, between tabs.
    private static func list(_ faults: [Fault]) -> String {
        faults.map { "\($0.name)\t\($0.breaks)\t\($0.summary)\n" }.joined()
    }
}
