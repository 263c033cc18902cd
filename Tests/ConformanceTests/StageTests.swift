// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Foundation
import Posix
import Specs
import Testing

@testable import Conformance

@Suite("Servers that a scenario lays out")
struct StageTests {
    /// Serves nothing, and prints its peers file.
    private static let script = """
        import socket, sys, time
        s = socket.create_server((sys.argv[1], int(sys.argv[2])))
        print(open(sys.argv[3]).read(), flush=True)
        while True: s.accept()
        """

    private func launcher(_ setting: WorldSetting) throws -> ServerLauncher {
        try .forTests(
            "python3 -c '\(Self.script)' {host} {port} {peers}", setting: setting)
    }

    private func staged(_ members: String, _ setting: WorldSetting) throws -> (Plan, Stage) {
        let plan = try plan(#""requirements": ["must"], "needs": ["launched"], \#(members)"#)
        return (plan, try Stage.set(for: plan, try launcher(setting), claims: setting.ports))
    }

    @Test("servers are at addresses of their own with one port, and are told of each other")
    func places() throws {
        let setting = WorldSetting.forTests()
        let (_, stage) = try staged(
            """
            "files": { "peers": "east is ${host:east}:${port:east}" },
            "servers": { "east": { "files": { "peers": "main is ${host:main}:${port:main}" } } },
            "steps": [{ "peer": "al", "do": "enter", "server": "east" }]
            """, setting)
        defer { for server in stage.servers { server.kill() } }
        let (main, east) = (stage.servers[0].address, stage.servers[1].address)
        #expect(stage.names == ["main", "east"])
        #expect(main.port == east.port && main.host != east.host)
        #expect(try printed(stage.servers[0], setting) == "east is \(east)\n")
        #expect(try printed(stage.servers[1], setting) == "main is \(main)\n")
    }

    @Test("ports of the first steps are open before the servers start, and told to them")
    func ports() throws {
        let setting = WorldSetting.forTests()
        let (plan, stage) = try staged(
            """
            "files": { "peers": "${host:al.fed}:${port:al.fed}" },
            "preamble": [{ "peer": "al", "listen": "fed", "from": "127.0.0.2" },
              { "peer": "al", "do": "enter" }],
            "steps": [{ "peer": "al", "expectNothing": true }]
            """, setting)
        defer {
            for server in stage.servers { server.kill() }
            for port in stage.ports.values { port.close() }
        }
        let number = try #require(stage.ports[plan.firstListeners[0].listener]?.number)
        #expect(try printed(stage.servers[0], setting) == "127.0.0.2:\(number)\n")
    }

    @Test("a server that comes back is where it was, and is told the same")
    func restart() throws {
        let setting = WorldSetting.forTests()
        let launcher = try launcher(setting)
        let plan = try plan(
            #""requirements": ["must"], "needs": ["launched"], "files": { "peers": "me" }, "#
                + #""steps": [{ "peer": "al", "do": "enter" }]"#)
        let stage = try Stage.set(for: plan, launcher, claims: setting.ports)
        let server = stage.servers[0]
        defer { server.kill() }
        let before = server.address
        _ = try printed(server, setting)
        server.forgetOutput()
        try launcher.restart(server, staysThere: true)
        #expect(server.address == before)
        #expect(try printed(server, setting) == "me\n")
    }

    @Test("where one does not start, none is left")
    func failure() throws {
        let setting = WorldSetting.forTests()
        let launcher = try ServerLauncher.forTests(
            "python3 -c 'import sys; sys.exit(3)' {host} {port} {peers}", setting: setting)
        let plan = try plan(
            #""requirements": ["must"], "needs": ["launched"], "servers": { "east": {} }, "#
                + #""steps": [{ "peer": "al", "do": "enter" }]"#)
        let error = #expect(throws: LaunchFailure.self) {
            try Stage.set(for: plan, launcher, claims: setting.ports)
        }
        #expect(error?.description.contains("exited with status 3") == true)
    }

    /// What the server has printed, once that ends with a line.
    private func printed(_ server: LaunchedServer, _ setting: WorldSetting) throws -> String {
        let deadline = MonotonicClock.deadline(after: 20_000_000_000)
        while server.output.head.last != UInt8(ascii: "\n"), MonotonicClock.now < deadline {
            try setting.loop.turn(nanoseconds: 10_000_000)
        }
        return String(decoding: server.output.head, as: UTF8.self)
    }
}
