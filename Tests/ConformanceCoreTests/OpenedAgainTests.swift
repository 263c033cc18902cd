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

    /// The plans of one scenario, and what is wrong with it.
    private func planned(
        _ members: String
    ) throws -> (suite: Suite, plan: Plan?, problems: [String]) {
        let scenario = """
            { "topic": "Test", "scenarios": [{ "id": "case", "title": "It holds",
              "requirements": ["must"], \(members) }] }
            """
        let log = ProblemLog()
        let suite = try #require(
            SuiteFiles(
                document: SpecFile(path: "protocol.json", bytes: Array(Self.document.utf8)),
                requirements: SpecFile(
                    path: "requirements.json", bytes: Array(Self.requirements.utf8)),
                scenarios: [SpecFile(path: "case.json", bytes: Array(scenario.utf8))]
            ).suite(log: log))
        let planner = Planner(suite: suite, system: .complete, seed: 1, log: log)
        let plans = planner.plans(suite.scenarios[0], topic: "Test")
        return (suite, plans.first, log.problems.map(\.description))
    }

    private func judged(_ members: String) throws -> (Transcript, Judgement, Plan) {
        let (suite, plan, problems) = try planned(members)
        #expect(problems == [])
        let whole = try #require(plan)
        let transcript = InMemoryExecutor.run(whole, on: ShortTempered()).transcript
        let judgement = Judge.judge(whole, transcript, requirements: suite.requirements)
        #expect(disagreements(whole, transcript, judgement) == [])
        return (transcript, judgement, whole)
    }

    @Test("steps behind are about the new connection, and the old one is still a cause")
    func goesOn() throws {
        let (transcript, judgement, plan) = try judged(
            """
            "preamble": [{ "peer": "ann", "do": "enter" }],
            "steps": [{ "peer": "ann", "send": "count" }, { "peer": "ann", "expect": "3" },
              { "peer": "ann", "expectNothing": true }]
            """)
        #expect(judgement.verdict == .pass, "\(judgement.findings)")
        #expect(plan.links.map(\.label) == ["ann", "ann (2)", "ann (3)"])
        let waits = transcript.entries.count { entry in
            if case .waitedQuietly = entry.event { true } else { false }
        }
        #expect(waits == 1)
    }

    @Test("who is not sent away is judged by barriers alone, on the first connection")
    func staysWhereItIs() throws {
        let (transcript, judgement, _) = try judged(
            """
            "preamble": [{ "peer": "ann", "connect": true }, { "peer": "bob", "connect": true },
              { "peer": "carol", "do": "enter" }],
            "steps": [{ "peer": "carol", "send": "count" }, { "peer": "carol", "expect": "3" },
              { "peer": "ann", "expectNothing": true }]
            """)
        #expect(judgement.verdict == .pass, "\(judgement.findings)")
        for entry in transcript.entries {
            if case .waitedQuietly = entry.event { Issue.record("nobody need wait") }
        }
    }

    @Test("what is wrong on the new connection fails, under its name")
    func fails() throws {
        let (_, judgement, plan) = try judged(
            """
            "preamble": [{ "peer": "ann", "do": "enter" }],
            "steps": [{ "peer": "ann", "send": "count" }, { "peer": "ann", "expect": "1" }]
            """)
        #expect(judgement.verdict == .fail)
        let link = judgement.findings.first?.link.map { plan.links[$0.index].label }
        #expect(link == "ann (3)")
    }

    @Test("an end that nobody asked for is found on the new connection, too")
    func endsAgain() throws {
        let (_, judgement, _) = try judged(
            """
            "preamble": [{ "peer": "ann", "do": "enter" }],
            "steps": [{ "peer": "ann", "send": "bye" }]
            """)
        #expect(judgement.verdict == .fail)
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
    func problems(_ steps: String, _ expected: String) throws {
        let (_, _, problems) = try planned("\"steps\": [\(steps)]")
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }
}
