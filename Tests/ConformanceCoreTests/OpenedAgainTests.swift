// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import ConformanceCore
import Specs
import TestSupport
import Testing

/// Answers `hi` with `hello`, `count` with how many connections there have been, anything with a `?`
/// with its own word, and ends a connection at `bye`, and those before the third at `in`.
private struct ShortTempered: ChatServer {
    private var count = 0
    private var numbers: [ConnectionID: Int] = [:]

    mutating func receive(
        _ bytes: Span<UInt8>, from connection: ConnectionID, into effects: inout EffectBuffer
    ) -> Int {
        var text: [UInt8] = []
        for index in bytes.indices { text.append(bytes[index]) }
        for line in text.split(separator: 0x0A) {
            answer(String(decoding: line, as: UTF8.self), connection, into: &effects)
        }
        return bytes.count
    }

    private func answer(
        _ line: String, _ connection: ConnectionID, into effects: inout EffectBuffer
    ) {
        let number = numbers[connection] ?? 0
        switch line {
        case "hi": effects.payloads += Array("hello\n".utf8)
        case "count": effects.payloads += Array("\(number)\n".utf8)
        case "in" where number < 3: return effects.close(connection)
        case "in": effects.payloads += Array("welcome\n".utf8)
        case "bye": return effects.close(connection)
        default: effects.payloads += Array("\(line)\n".utf8)
        }
        effects.reply(to: connection)
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        guard case .connected(let connection) = event else { return }
        count += 1
        numbers[connection] = count
    }
}

@Suite("Connections that are opened again")
struct OpenedAgainTests {
    private static let document = """
        { "protocol": "lines", "title": "Lines", "framing": { "kind": "line", "terminator": "\\n" },
          "forms": {
            "client": [{ "form": "in", "message": "in" }, { "form": "any", "message": "{{x}}" }],
            "server": [{ "form": "any", "message": "{{x}}" }] },
          "states": ["out", "in"],
          "transitions": [{ "from": "out", "client": "in", "to": "in" }],
          "generators": { "name": { "alphabet": "abc", "length": [8, 8] } }, "peerNames": "name",
          "procedures": {
            "enter": { "steps": [{ "connect": true }, { "do": "ask" }] },
            "ask": { "steps": [{ "send": "in" }, { "either": [{ "message": "welcome" },
              { "close": "either", "steps": [
                { "peer": "${peer}", "connect": "again" }, { "peer": "${peer}", "send": "in" },
                { "peer": "${peer}", "either": [{ "message": "welcome" },
                  { "close": "either", "steps": [
                    { "peer": "${peer}", "connect": "again" },
                    { "peer": "${peer}", "send": "in" },
                    { "peer": "${peer}", "expect": "welcome" }] }] }] }] }] } },
          "barriers": [{ "send": "?${nonce}", "answer": "?${nonce}" }] }
        """
    private static let requirements = """
        { "requirements": [{ "id": "must", "level": "M", "sentence": "It must." }] }
        """

    private func planned(_ members: String) -> PlannedScenario {
        PlannedScenario(
            "\"requirements\": [\"must\"], " + members, document: Self.document,
            requirements: Self.requirements)
    }

    private func judged(_ members: String) throws -> AgreedRun {
        try AgreedRun(planned(members), on: ShortTempered())
    }

    @Test("steps behind are about the new connection, and the old one is still a cause")
    func goesOn() throws {
        let run = try judged(
            """
            "preamble": [{ "peer": "ann", "do": "enter" }],
            "steps": [{ "peer": "ann", "send": "count" }, { "peer": "ann", "expect": "3" },
              { "peer": "ann", "expectNothing": true }]
            """)
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
        #expect(run.plan.links.map(\.label) == ["ann", "ann (2)", "ann (3)"])
        let waits = run.transcript.entries.count { entry in
            if case .waitedQuietly = entry.event { true } else { false }
        }
        #expect(waits == 1)
    }

    @Test("who is not sent away is judged by barriers alone, on the first connection")
    func staysWhereItIs() throws {
        let run = try judged(
            """
            "preamble": [{ "peer": "ann", "connect": true }, { "peer": "bob", "connect": true },
              { "peer": "carol", "do": "enter" }],
            "steps": [{ "peer": "carol", "send": "count" }, { "peer": "carol", "expect": "3" },
              { "peer": "ann", "expectNothing": true }]
            """)
        #expect(run.judgement.verdict == .pass, "\(run.judgement.findings)")
        for entry in run.transcript.entries {
            if case .waitedQuietly = entry.event { Issue.record("nobody need wait") }
        }
    }

    @Test("what is wrong on the new connection fails, under its name")
    func fails() throws {
        let run = try judged(
            """
            "preamble": [{ "peer": "ann", "do": "enter" }],
            "steps": [{ "peer": "ann", "send": "count" }, { "peer": "ann", "expect": "1" }]
            """)
        #expect(run.judgement.verdict == .fail)
        let link = run.judgement.findings.first?.link.map { run.plan.links[$0.index].label }
        #expect(link == "ann (3)")
    }

    @Test("an end that nobody asked for is found on the new connection, too")
    func endsAgain() throws {
        let run = try judged(
            """
            "preamble": [{ "peer": "ann", "do": "enter" }],
            "steps": [{ "peer": "ann", "send": "bye" }]
            """)
        #expect(run.judgement.verdict == .fail)
    }

    @Test(
        "it is opened again only where the server has ended it",
        arguments: [
            (
                #"{ "peer": "ann", "connect": true }, { "peer": "ann", "connect": "again" }"#,
                "'ann' need not be over here"
            ),
            (
                #"{ "peer": "ann", "do": "enter" }, { "peer": "ann", "connect": "again" }"#,
                "'ann' need not be over here"
            ),
            (#"{ "peer": "ann", "connect": "again" }"#, "unknown peer 'ann'"),
            (
                #"{ "peer": "ann", "connect": true }, { "peer": "ann", "either": [{ "close": "fin", "#
                    + #""steps": [{ "connect": "again", "like": "main", "peer": "ann" }] }] }"#,
                "a connection that is opened again is as it was"
            ),
            (#"{ "peer": "ann", "connect": "anew" }"#, "'anew' is not possible here"),
        ])
    func problems(_ steps: String, _ expected: String) {
        let problems = planned("\"steps\": [\(steps)]").problems
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }
}
