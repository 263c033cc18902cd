// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Testing

@testable import Conformance

@Suite("Launching servers", .timeLimit(.minutes(15)))
struct ServerLauncherTests {
    private static let serve = """
        import os, socket, sys
        l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        """

    private func failure(_ line: String, limit: Int64 = 300_000) throws -> LaunchFailure? {
        do {
            try ServerLauncher.forTests(line, limit: limit).launch().kill()
            return nil
        } catch let failure as LaunchFailure {
            return failure
        }
    }

    @Test("a command that there is not is named")
    func missingCommand() throws {
        let failure = try #require(try failure("no-such-server-here {port}"))
        guard case .notStarted = failure.reason else {
            Issue.record("\(failure)")
            return
        }
        #expect(failure.description.contains("cannot execute no-such-server-here"))
    }

    @Test("a command that there is not leaves no directory behind")
    func missingCommandWithDirectory() throws {
        let failure = try #require(try failure("no-such-server-here {port} {database}"))
        let database = try #require(failure.command.last)
        #expect(database.hasSuffix("/database"))
        #expect(!Files.isDirectory(String(database.dropLast("/database".count))))
    }

    @Test("a server that ends at once is told with its status and its last words")
    func endsAtOnce() throws {
        let failure = try #require(try failure("sh -c 'echo no licence; exit 3' {port}"))
        #expect(failure.reason == .ended(.exited(3)))
        #expect(failure.output.head == Array("no licence\n".utf8))
    }

    @Test("one that is started ahead and ends before anybody looks may have listened")
    func endsAhead() throws {
        let setting = WorldSetting.forTests()
        let launcher = try ServerLauncher.forTests(
            "sh -c 'echo ready; exit 3' {port}", setting: setting)
        let server = try launcher.begin()
        let deadline = MonotonicClock.deadline(after: 60_000_000_000)
        while server.termination == nil, MonotonicClock.now < deadline {
            try setting.loop.turn(nanoseconds: 1_000_000_000)
        }
        let failure = #expect(throws: LaunchFailure.self) { try launcher.finish(server) }
        #expect(failure?.reason == .endedAhead(.exited(3)))
        #expect(failure?.output.head == Array("ready\n".utf8))
        #expect(
            failure?.sentence.hasSuffix(
                "exited with status 3 by itself before its scenario's first connection") == true)
    }

    @Test("a server that never listens is given up after the limit, with what it printed")
    func neverListens() throws {
        let failure = try #require(
            try failure("sh -c 'echo loading; exec sleep 60' {port}", limit: 300))
        guard case .neverListened(_, let waited) = failure.reason else {
            Issue.record("\(failure)")
            return
        }
        #expect(waited == 300_000_000)
        #expect(failure.output.head == Array("loading\n".utf8))
    }

    @Test("a server that finds its port in use is started again, three times in all")
    func portInUse() throws {
        let failure = try #require(
            try failure("sh -c 'echo bind: Address already in use >&2; exit 1' {port}"))
        #expect(failure.reason == .portsInUse(attempts: 3))
    }

    @Test(
        "a server on all addresses, on IPv6 or on an address of its own is found",
        arguments: [
            ("0.0.0.0", "{port}"), ("::", "{port}"), ("::1", "{port}"), ("", "{port} {host}"),
        ])
    func findsListener(host: String, arguments: String) throws {
        let bind = host.isEmpty ? "sys.argv[2]" : "\"\(host)\""
        let family = host.contains(":") ? "socket.AF_INET6" : "socket.AF_INET"
        let script = """
            import socket, sys, time
            l = socket.create_server((\(bind), int(sys.argv[1])), family=\(family))
            time.sleep(60)
            """
        let server = try ServerLauncher.forTests("python3 -c '\(script)' \(arguments)").launch()
        defer { server.kill() }
        let socket = try Socket.connect(to: server.address, within: 120_000_000_000)
        socket.close()
    }

    @Test("what a server has started goes with it, whatever session it made")
    func descendantsGo() throws {
        let setting = WorldSetting.forTests()
        let server = try ServerLauncher.forTests(
            foreign("degenerate forks"), setting: setting
        ).launch()
        server.kill()
        #expect(setting.watch.listener(at: server.address) == .notListening)
    }

    @Test("a crash is told with its signal, in the transcript too")
    func crashIsTold() throws {
        let setting = WorldSetting.forTests()
        let server = try ServerLauncher.forTests(
            foreign("degenerate crash-after 100"), setting: setting
        ).launch()
        let interpreter = Interpreter(
            plan: try plan(
                """
                "requirements": ["must"], "steps": [{ "peer": "bob", "connect": true },
                  { "peer": "bob", "send": "bob" }, { "peer": "bob", "expect": "hello" }]
                """), timing: Timing(timeout: 10_000_000_000))
        let world = SocketWorld(interpreter, at: server.address, server: server, setting: setting)
        try world.run()
        try world.awaitServerEnd(patience: 500)
        server.kill()
        world.abandon()
        #expect(server.termination?.description == "was killed by SIGSEGV")
        #expect(world.interpreter.transcript.events.contains(.serverEnded("was killed by SIGSEGV")))
    }

    @Test("a directory of its own is there while the server lives")
    func directoryOfItsOwn() throws {
        let script =
            Self.serve + "\nprint(os.listdir(sys.argv[2]), flush=True)\nimport time\ntime.sleep(60)"
        let server = try ServerLauncher.forTests("python3 -c '\(script)' {port} {dir}").launch()
        let directory = try #require(server.directory)
        #expect(Files.isDirectory(directory))
        server.kill()
        #expect(!Files.exists(directory))
    }

    @Test("a server that prints without end is started, and its first and last words are kept")
    func noisyServer() throws {
        let server = try ServerLauncher.forTests(foreign("degenerate noisy")).launch()
        server.kill()
        #expect(server.output.head.count == 65_536)
        #expect(server.output.tail.count == 65_536)
        #expect(server.output.omitted > 8 << 20)
    }
}
