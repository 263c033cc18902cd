// SPDX-License-Identifier: Apache-2.0

import Arguments
import ChatProtocols
import Posix
import Testing

@testable import RefServer

@Suite("The command line of refserver")
struct ServerCommandTests {
    private func options(_ words: String...) throws -> ServerOptions {
        guard case .serve(let options) = try ServerCommand.parse(words) else {
            throw SystemCallError(call: "not asked to serve", code: 0)
        }
        return options
    }

    private func shown(_ words: String...) throws -> String? {
        guard case .show(let text) = try ServerCommand.parse(words) else { return nil }
        return text
    }

    @Test("protocol and port suffice")
    func defaults() throws {
        let options = try options("padded", "5000")
        #expect(options.chatProtocol.name == "padded")
        #expect(options.address.description == "127.0.0.1:5000")
        #expect(options.limits.sendQueue == 1_048_576)
        #expect(options.limits.connections == .max)
        #expect(options.logLevel == .info)
        #expect(options.fault == nil)
    }

    @Test("every option is understood")
    func all() throws {
        let options = try options(
            "padded",
            "0",
            "--bind",
            "::1",
            "--max-connections",
            "3",
            "--send-queue=9",
            "--log-level",
            "debug",
            "--fault",
            "does-not-pad"
        )
        #expect(options.address.description == "[::1]:0")
        #expect(options.limits.connections == 3)
        #expect(options.limits.sendQueue == 9)
        #expect(options.logLevel == .debug)
        #expect(options.fault?.breaks == "framing.exact-width")
    }

    @Test(
        "what is wrong is named, with the usage",
        arguments: [
            ([], "padded"), (["paded", "0"], "padded"), (["padded"], "port"),
            (["padded", "http"], "0 to 65535"), (["padded", "65536"], "0 to 65535"),
            (["padded", "-1"], "-1"), (["padded", "0", "1"], "1"),
            (["padded", "0", "--bind", "localhost"], "an IP address"),
            (["padded", "0", "--bind", "fe80::1"], "needs the name of its interface"),
            (["padded", "0", "--max-connections", "0"], "from 1"),
            (["padded", "0", "--send-queue", "1k"], "from 1"),
            (["padded", "0", "--log-level", "loud"], "error, warning, info, debug"),
            (["padded", "0", "--fault", "none"], "--fault list"), (["padded", "0", "--x"], "--x"),
            (["callback", "0"], "<users>"), (["padded", "0", "users.txt"], "users.txt"),
            (["callback", "0", "users.txt", "--receipt-timeout", "0"], "a time from"),
            (["callback", "0", "users.txt", "--receipt-timeout", "soon"], "a time such as"),
        ]
    )
    func refuses(_ words: [String], _ expected: String) {
        let error = #expect(throws: UsageError.self) { try ServerCommand.parse(words) }
        #expect(error?.message.contains(expected) == true)
        #expect(error?.description.contains("usage: refserver") == true)
    }

    @Test("help, version and the list of faults are shown")
    func shows() throws {
        #expect(try shown("--help")?.contains("--send-queue") == true)
        #expect(try shown("padded", "--help")?.contains("<port>") == true)
        #expect(try shown("--version") == "refserver \(ServerCommand.version)\n")
        let faults = try #require(try shown("padded", "0", "--fault", "list"))
        #expect(faults.contains("does-not-pad\tframing.exact-width\t"))
    }

    @Test("files and times of a protocol are understood, and a list of faults needs no file")
    func callback() throws {
        let options = try options("callback", "0", "users.txt", "--receipt-timeout", "200ms")
        #expect(options.files.map(\.path) == ["users.txt"])
        #expect(options.files.map(\.file.name) == ["users"])
        let faults = try #require(try shown("callback", "0", "--fault", "list"))
        #expect(faults.contains("confirms-before-the-receipt\tto.waits-for-receipt\t"))
        #expect(throws: UsageError.self) {
            try ServerCommand.parse(["callback", "65536", "--fault", "list"])
        }
        #expect(try shown("callback", "--help")?.contains("--receipt-timeout") == true)
    }

    @Test("a usage line shows which files must be given")
    func usageOfFiles() throws {
        let callback = "usage: refserver callback <port> <users> [options]"
        #expect(try shown("callback", "--help")?.contains(callback) == true)
        let channels = "usage: refserver channels <port> [<peers>] [options]"
        #expect(try shown("channels", "--help")?.contains(channels) == true)
    }
}
