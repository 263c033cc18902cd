// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Servers of a scenario")
struct PlannedServerTests {
    private let listen = #"{ "peer": "al", "listen": "fed", "from": "127.0.0.2" }"#

    private func plan(_ members: String) throws -> Plan {
        let small = SmallSuite(#""requirements": ["must"], \#(members)"#)
        #expect(small.problems == [])
        return try #require(small.plans.first)
    }

    private func problems(_ members: String) -> [String] {
        SmallSuite(#""requirements": ["must"], \#(members)"#).problems
    }

    @Test("a scenario that says nothing of servers has one, for which nothing is laid out")
    func one() throws {
        let plan = try plan(#""steps": [{ "peer": "al", "do": "enter" }]"#)
        #expect(plan.servers == [PlannedServer()])
        #expect(!plan.isStaged)
        #expect(plan.server(of: LinkID(0)) == .main)
    }

    @Test("files name ports of the runner and servers, as captures that the run fills in")
    func files() throws {
        let plan = try plan(
            """
            "needs": ["launched"],
            "files": { "peers": "${host:al.fed}:${port:al.fed}\\n${host:east}:${port:east}\\n" },
            "servers": { "east": { "files": { "peers": "${host:main}" } } },
            "preamble": [\(listen)], "steps": [{ "peer": "bo", "do": "enter", "server": "east" }]
            """)
        let known = [
            "port:al.fed": Array("7".utf8), "host:east": Array("e".utf8),
            "port:east": Array("8".utf8), "host:main": Array("m".utf8),
        ]
        #expect(plan.isStaged)
        #expect(
            plan.servers[0].files[.peers]?.filled(with: known) == Array("127.0.0.2:7\ne:8\n".utf8))
        #expect(plan.servers[1].files[.peers]?.filled(with: known) == Array("m".utf8))
        #expect(plan.firstListeners.map(\.listener) == [ListenerID(0)])
        #expect(plan.serverFiles == [.peers])
    }

    @Test("a procedure connects to the server that its step names, which ends its own connections")
    func connections() throws {
        let plan = try plan(
            """
            "needs": ["launched"], "servers": { "east": {} },
            "steps": [\(listen), { "peer": "al", "do": "enter" },
              { "peer": "bo", "do": "enter", "server": "east" }, { "peer": "al", "accept": "fed" },
              { "server": "east", "restart": true }]
            """)
        #expect(plan.links.map(\.server) == [.main, ServerID(1), nil])
        #expect(plan.linksThatEnd(with: ServerID(1)) == [LinkID(1), LinkID(2)])
        #expect(plan.linksThatEnd(with: .main) == [LinkID(0), LinkID(2)])
        let restarted = plan.steps.contains { $0.action == .restart(ServerID(1)) }
        #expect(restarted)
    }

    @Test("the runner's own address on a connection is told only where it is named")
    func ownAddress() throws {
        let plan = try plan(
            """
            "steps": [{ "peer": "al", "connect": true }, { "peer": "bo", "do": "enter" },
              { "peer": "bo", "send": "I am at ${host:al}" }]
            """)
        #expect(plan.links.map(\.isAddressNamed) == [true, false])
    }

    @Test("mistakes are told where they stand")
    func mistakes() {
        let steps = #""steps": [{ "peer": "al", "do": "enter" }]"#
        #expect(
            problems(#""files": { "peers": "x" }, \#(steps)"#).contains {
                $0.contains("are started by the runner; add \"launched\"")
            })
        #expect(
            problems(#""files": { "peers": "${port:nobody}" }, "needs": ["launched"], \#(steps)"#)
                .contains { $0.contains("opens the port 'nobody'") })
        #expect(
            problems(
                #""foreach": { "s": ["west"] }, "needs": ["launched"], "servers": { "east": {} }, "#
                    + #""steps": [{ "peer": "al", "do": "enter", "server": "${s}" }]"#
            ).contains { $0.contains("there is no server 'west'; possible here: main, east") })
    }

    @Test(
        "a server that does not federate is skipped for that, before all that a launch line lacks")
    func skipped() throws {
        let plan = try plan(
            """
            "needs": ["launched", "peersFile"], "files": { "peers": "" },
            "servers": { "east": {} }, "steps": [{ "peer": "al", "do": "enter" }]
            """)
        var system = SystemUnderTest(isLaunched: false, isFresh: false)
        #expect(system.missing(plan) == .lacksFeature(.peersFile))
        system.features["peersFile"] = ""
        #expect(system.missing(plan) == .needsLaunchedServer)
        system.isLaunched = true
        #expect(system.missing(plan) == .lacksPlaceholder("peers"))
        system.placeholders = ["peers"]
        #expect(system.missing(plan) == .lacksPlaceholder("host"))
        system.placeholders = ["peers", "host"]
        #expect(system.missing(plan) == nil)
        #expect(SkipReason.lacksFeature(.peersFile).description.contains("does not federate"))
    }
}
