// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Ports of the runner's own")
struct OwnPortTests {
    private func run(_ members: String, fault: String? = nil) throws -> AgreedRun {
        try AgreedRun(callback: "\"requirements\": [\"must\"], " + members, fault: fault)
    }

    private static func told(_ verb: String, _ answer: String, patience: Bool = false) -> String {
        """
        "steps": [{ "peer": "alice", "do": "login" }, { "peer": "alice", "\(verb)": "b" },
          { "peer": "alice", "send": "/port ${port:b}" },
          { "peer": "alice"\(patience ? ", \"patience\": \"receiptTimeout\"" : ""),
            "expect": { "startsWith": "\(answer)" } }]
        """
    }

    @Test("a port refuses who connects")
    func refuses() throws {
        #expect(try run(Self.told("refuse", "202")).verdict == .pass)
        #expect(
            try run(Self.told("refuse", "202"), fault: "confirms-refused-ports").verdict == .fail)
    }

    @Test("a port swallows who connects, for as long as the server waits")
    func swallows() throws {
        let run = try run(Self.told("swallow", "202", patience: true))
        #expect(run.verdict == .pass, "\(run.judgement.findings)")
        let waits = run.transcript.entries.compactMap { entry -> Int64? in
            if case .waited(_, let nanoseconds) = entry.event { nanoseconds } else { nil }
        }
        #expect(waits == [5_000_000_000])
    }

    @Test("a server that does not connect is told by the step that waits for it")
    func neverConnects() throws {
        let members = #""steps": [{ "peer": "alice", "do": "enter" }]"#
        let run = try run(members, fault: "confirms-port-without-connecting")
        #expect(run.judgement.findings.map(\.kind) == [.notConnected(waited: 2_000_000_000)])
    }

    @Test("that nobody has connected is seen after a barrier")
    func nobodyConnects() throws {
        let quiet = try run(
            """
            "steps": [{ "peer": "alice", "do": "login" }, { "peer": "alice", "listen": "b" },
              { "peer": "alice", "send": "/port 1 ${port:b}" },
              { "peer": "alice", "expect": { "startsWith": "401" } },
              { "peer": "alice", "expectNoConnection": "b" }]
            """)
        #expect(quiet.verdict == .pass, "\(quiet.judgement.findings)")
        let busy = try run(
            """
            "steps": [{ "peer": "alice", "do": "login" }, { "peer": "alice", "listen": "b" },
              { "peer": "alice", "send": "/port ${port:b}" },
              { "peer": "alice", "expect": { "startsWith": "201" } },
              { "peer": "alice", "expectNoConnection": "b" }]
            """)
        #expect(busy.judgement.findings.map(\.kind) == [.connectedUnasked("alice.b")])
    }

    @Test("a second port is a connection of the same kind, and the first may end")
    func secondPort() throws {
        let run = try run(
            """
            "allow": [{ "close": "either", "peer": "alice", "link": "b" }],
            "preamble": [{ "peer": "alice", "do": "enter" }, { "peer": "bob", "do": "enter" }],
            "steps": [{ "peer": "alice", "listen": "c" },
              { "peer": "alice", "send": "/port ${port:c}" },
              { "peer": "alice", "accept": "c", "like": "b" },
              { "peer": "alice", "expect": { "startsWith": "201" } },
              { "peer": "bob", "send": "/to ${alice} hello" },
              { "peer": "alice", "link": "c", "expect": "/from ${bob} hello" },
              { "peer": "alice", "link": "c", "send": "302 Message receipt successful" },
              { "peer": "bob", "expect": { "startsWith": "303" } },
              { "peer": "alice", "link": "c", "expectNothing": true }]
            """)
        #expect(run.verdict == .pass, "\(run.judgement.findings)")
        #expect(run.plan.links.map(\.kind) == ["main", "b", "main", "b", "b"])
    }

    @Test("the end of a connection is no finding when that of its owner was first")
    func endsTogether() throws {
        let leaving = """
            "preamble": [{ "peer": "alice", "do": "enter" }],
            "steps": [{ "peer": "alice", "closeWrite": true },
              { "peer": "alice", "expectClose": "fin" }, { "pause": "20ms" }]
            """
        #expect(try run(leaving).verdict == .pass)
        let breaking = """
            "preamble": [{ "peer": "alice", "do": "enter" }, { "peer": "bob", "do": "enter" }],
            "steps": [{ "peer": "alice", "send": "/to ${bob} hello" },
              { "peer": "bob", "link": "b", "expect": { "any": true } },
              { "peer": "alice", "patience": "receiptTimeout", "expect": { "startsWith": "304" } }]
            """
        #expect(try run(breaking).judgement.findings.map(\.kind) == [.endedUnasked(.fin)])
    }

    @Test("an observation waits for the server's own time, and no longer than that")
    func patience() throws {
        let members = """
            "requirements": ["open"],
            "allow": [{ "close": "either", "peer": "bob", "link": "b" }],
            "preamble": [{ "peer": "alice", "do": "enter" }, { "peer": "bob", "do": "enter" }],
            "steps": [{ "peer": "alice", "send": "/to ${bob} hello" },
              { "peer": "bob", "link": "b", "expect": { "any": true } },
              { "peer": "alice", "patience": "receiptTimeout", "observe": [
                { "message": { "startsWith": "304" }, "as": "304" },
                { "nothing": true, "as": "nothing" }], "quiet": "nothing is read meanwhile" }]
            """
        let run = try AgreedRun(callback: members)
        #expect(run.judgement.observed.map(\.label) == ["304"])
        #expect(run.verdict == .observed)
        _ = try AgreedRun(callback: members, fault: "never-answers-when-the-receiver-dies")
    }

    @Test("a connection on which only the server begins is asked for by another peer")
    func relayedBarrier() throws {
        let members = """
            "preamble": [{ "peer": "alice", "do": "enter" }, { "peer": "bob", "do": "enter" },
              { "peer": "carol", "do": "enter" }],
            "steps": [{ "peer": "alice", "send": "/to ${bob} hello" },
              { "peer": "bob", "link": "b", "expect": { "any": true } },
              { "peer": "bob", "link": "b", "send": "302 Message receipt successful" },
              { "peer": "alice", "expect": { "startsWith": "303" } },
              { "peer": "carol", "link": "b", "expectNothing": true }]
            """
        let right = try run(members)
        #expect(right.verdict == .pass, "\(right.judgement.findings)")
        #expect(
            right.transcript.entries.allSatisfy {
                if case .waitedQuietly = $0.event { false } else { true }
            })
        let wrong = try run(members, fault: "to-goes-to-all")
        #expect(wrong.verdict != .pass)
    }
}
