// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Accounts of the server under test")
struct AccountTests {
    private func system(_ accounts: AccountPool) -> SystemUnderTest {
        var system = SystemUnderTest(features: [:], isLaunched: false, isFresh: false)
        system.accounts = accounts
        return system
    }

    private static func listed(_ count: Int) -> AccountPool {
        .listed(
            (0..<count).map {
                Account(name: Array("user\($0)".utf8), password: Array("12\($0)".utf8))
            })
    }

    private static let two = """
        "requirements": ["must"], "values": { "wrong": { "otherCase": "${password:bob}" } },
        "steps": [{ "peer": "visitor", "connect": true },
          { "peer": "alice", "do": "login" }, { "peer": "again", "connect": true },
          { "peer": "again", "send": "/login ${bob} ${wrong}" }, { "peer": "bob", "connect": true }]
        """

    @Test("peers whose name or password is used have one, and no others")
    func counted() throws {
        let small = SmallCallback(Self.two)
        #expect(small.problems == [])
        #expect(try #require(small.plans.first).accounts == 2)
    }

    @Test("too few accounts are a reason to skip, which says how many there are")
    func tooFew() throws {
        func reason(_ accounts: AccountPool, _ more: String = "") throws -> String? {
            let system = system(accounts)
            let plan = try #require(SmallCallback(more + Self.two, system: system).plans.first)
            return system.missing(plan)?.description
        }
        #expect(try reason(.none)?.contains("it needs 2 accounts and none is known") == true)
        #expect(
            try reason(Self.listed(1))?.contains("it needs 2 accounts and one is known") == true)
        #expect(try reason(.drawn(seed: 1)) == nil)
        #expect(
            try reason(Self.listed(3), #""needs": [{ "accounts": 4 }], "#)?
                .contains("it needs 4 accounts and 3 are known") == true)
        // Their passwords have digits only.
        #expect(
            try reason(Self.listed(2))
                == "'wrong' has no letter that could stand in the other case")
    }

    @Test("accounts of a file are given to peers, each one once")
    func given() throws {
        let members = """
            "requirements": ["must"], "steps": [
              { "repeat": { "i": { "from": 1, "to": 5 } },
                "steps": [{ "peer": "user${i}", "do": "login" }] }]
            """
        let plan = try #require(
            SmallCallback(members, system: system(Self.listed(5))).plans.first)
        #expect(
            Set(plan.links.map { String(decoding: $0.name, as: UTF8.self) })
                == ["user0", "user1", "user2", "user3", "user4"])
    }

    @Test("drawn accounts hang on the run's seed, not on that of the plans")
    func drawn() throws {
        let document = try #require(SmallCallback(Self.two).suite).document
        let pool = AccountPool.drawn(seed: 5)
        let known = pool.accounts(of: document, seed: 1)
        #expect(known == pool.accounts(of: document, seed: 2))
        #expect(known != AccountPool.drawn(seed: 6).accounts(of: document, seed: 1))
        #expect(Set(known.map(\.name)).count == AccountPool.drawnCount)
        let plan = try #require(SmallCallback(Self.two, system: system(pool)).plans.first)
        let names = plan.links.filter(\.isNamed).map(\.name)
        #expect(Set(names).isSubset(of: Set(known.map(\.name))) && names.count == 2)
    }

    @Test(
        "what a step says of ports must be right",
        arguments: [
            (#"{ "peer": "al", "accept": "b" }"#, "no step before this one opens the port 'al.b'"),
            (
                #"{ "peer": "al", "listen": "b" }, { "peer": "al", "listen": "b" }"#,
                "is open already"
            ),
            (
                #"{ "peer": "al", "connect": true }, { "peer": "al", "send": "${port:b}" }"#,
                "no step before this one opens the port 'b'"
            ),
            (
                #"{ "peer": "al", "connect": true }, { "peer": "al", "listen": "b" }, { "peer": "al", "send": "${host:b}" }"#,
                "'al.b' is at every address of the machine"
            ),
        ])
    func wrongPorts(steps: String, wanted: String) {
        let problems = SmallCallback(#""requirements": ["must"], "steps": [\#(steps)]"#).problems
        #expect(problems.contains { $0.contains(wanted) }, "\(problems)")
    }

    @Test("a port may be named by who has it, and where it is, by those who know it")
    func namedPorts() throws {
        let small = SmallCallback(
            """
            "requirements": ["must"], "steps": [
              { "peer": "bob", "listen": "b", "from": "127.0.0.2" },
              { "peer": "al", "listen": "b" }, { "peer": "al", "connect": true },
              { "peer": "al", "send": "${port:b} ${port:bob.b} ${host:bob.b}" }]
            """)
        #expect(small.problems == [])
        let plan = try #require(small.plans.first)
        guard case .transmit(_, let transmission) = plan.steps[3].action else {
            Issue.record("nothing is sent")
            return
        }
        #expect(
            transmission.pieces == [
                .message(
                    TextPattern([
                        .capture("port:al.b"), .literal([0x20]), .capture("port:bob.b"),
                        .literal(Array(" 127.0.0.2".utf8)),
                    ]))
            ])
    }
}
