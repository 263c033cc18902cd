// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Wrong scenarios")
struct WrongScenarioTests {
    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    /// What is wrong with steps that follow alice's entrance, and with members beside them.
    private func problems(
        _ steps: String, about requirement: String = "must", _ members: String = ""
    ) -> [String] {
        SmallSuite(
            """
            "requirements": ["\(requirement)"], \(members)
            "steps": [\(alice)\(steps.isEmpty ? "" : ", ")\(steps)]
            """
        ).problems
    }

    private func expect(
        _ found: [String], _ wanted: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(found.count == 1, "\(found)", sourceLocation: sourceLocation)
        #expect(
            found.first?.hasPrefix("case.json:") == true && found.first?.contains(wanted) == true,
            "\(found)", sourceLocation: sourceLocation)
    }

    @Test(
        "a range that is too long, empty or beyond counting is told",
        arguments: [
            (
                #"{ "from": -9223372036854775807, "to": 9223372036854775807 }"#,
                "-9223372036854775807 is out of range; it may be -1000000000 to 1000000000"
            ),
            (
                #"{ "from": "1", "to": "9223372036854775807" }"#,
                "9223372036854775807 is out of range"
            ),
            (#"{ "from": 1, "to": "9223372036854775808" }"#, "is no whole number"),
            (#"{ "from": "one", "to": 5 }"#, "is no whole number"),
            (#"{ "from": 1, "to": 200000 }"#, "this unfolds to more than 100000 rounds"),
            (
                #"{ "from": -1000000000, "to": 1000000000, "step": 1000 }"#,
                "this unfolds to more than 100000 rounds"
            ),
            (#"{ "from": 5, "to": 1 }"#, "there is no number from 5 to 1"),
            (#"{ "from": 5, "to": 5, "except": 5 }"#, "'except' leaves no number"),
            (#"[]"#, "there is nothing in this array; write at least one value"),
        ])
    func ranges(domain: String, wanted: String) {
        expect(problems("", #""foreach": { "i": \#(domain) },"#), wanted)
        expect(
            problems(
                #"{ "repeat": { "i": \#(domain) }, "steps": [{ "peer": "alice", "send": "x" }] }"#),
            wanted)
    }

    @Test("a range whose bound depends on another name may be empty in a round")
    func dependentRange() {
        let found = problems(
            """
            { "repeat": { "i": { "from": 1, "to": 3 } }, "steps": [
              { "repeat": { "j": { "from": 2, "to": "${i}" } },
                "steps": [{ "peer": "alice", "send": "${j}" }] }] }
            """)
        #expect(found == [])
    }

    @Test("the rounds of iterations within iterations are counted together")
    func nested() {
        let range = #"{ "from": 1, "to": 100000 }"#
        let found = problems(
            """
            { "repeat": { "i": \(range) }, "steps": [
              { "repeat": { "j": \(range) }, "steps": [
                { "repeat": { "k": { "from": 2, "to": "${j}" } }, "steps": [{ "pause": "1ms" }] }
              ] }] }
            """)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("more than 200000 rounds in all") == true, "\(found)")
    }

    @Test(
        "a size that no text has is told",
        arguments: [
            (#""length": "9223372036854775807""#, "9223372036854775807 is out of range"),
            (#""length": 1048577"#, "1048577 is out of range; it may be 0 to 1048576"),
            (#""length": -1"#, "-1 is out of range; it may be 0 to 1048576"),
            (
                #""behind": "${alice}", "to": "-9223372036854775808""#,
                "-9223372036854775808 is out of range"
            ),
            (#""behind": "${alice}", "to": 1048577"#, "it may be 0 to 1048576"),
            (#""behind": "${alice}", "to": 3"#, "nothing is left for 'w'"),
        ])
    func sizes(size: String, wanted: String) {
        expect(
            problems(
                #"{ "peer": "alice", "sendBytes": "${w}" }"#,
                #""values": { "w": { "generator": "text", \#(size) } },"#), wanted)
    }

    @Test(
        "a part of a frame has a byte, and none outside of the frame",
        arguments: [
            (
                #""from": 150, "to": 100"#,
                "bytes 150 to 100 are no part of this frame, which has 200"
            ),
            (#""to": 201"#, "bytes 0 to 201 are no part"),
            (#""from": -500"#, "bytes -500 to the last are no part"),
            (#""from": 5, "to": 5"#, "bytes 5 to 5 are no part"),
            (#""from": 200"#, "bytes 200 to the last are no part"),
            (#""from": "-9223372036854775808""#, "is out of range"),
        ])
    func parts(part: String, wanted: String) {
        expect(
            problems(#"{ "peer": "alice", "sendBytes": { "frame": "x", \#(part) } }"#), wanted)
    }

    @Test("parts that lie in their frame are right, from either end")
    func rightParts() {
        for part in [#""to": 200"#, #""from": 199"#, #""from": -1"#, #""from": -200, "to": -1"#] {
            let found = problems(
                #"{ "peer": "alice", "sendBytes": { "frame": "x", \#(part) } }"#)
            #expect(found == [])
        }
    }

    @Test("a capture that is sent has been bound before")
    func unboundCapture() {
        expect(
            problems(#"{ "peer": "alice", "send": "{{never}}" }"#),
            "no message before this step binds '{{never}}'")
        expect(
            problems(
                """
                { "peer": "alice", "send": "/list" }, { "peer": "alice", "expect": "{{word}}!" },
                { "peer": "alice", "sendBytes": { "frame": "{{wrod}}", "to": 3 } }
                """), "did you mean 'word'?")
        expect(
            problems(
                """
                { "peer": "alice", "send": "{{late}}" }, { "peer": "alice", "expect": "{{late}}" }
                """), "'{{late}}'")
    }

    @Test("a capture may be bound on any way that leads to the step")
    func boundCapture() {
        let found = problems(
            """
            { "peer": "alice", "respond": { "to": "ask {{a}}", "send": "{{a}} {{b}}" } },
            { "peer": "alice", "either": [
              { "message": "{{b}}", "steps": [{ "peer": "alice", "send": "{{b}}" }] },
              { "message": { "contains": "{{c}}" } }] },
            { "together": [
              { "steps": [{ "peer": "alice", "expect": { "not": "{{d}}" } }] },
              { "steps": [{ "peer": "alice", "send": "{{b}}{{c}}{{d}}" }] }] }
            """)
        #expect(found == [])
    }

    @Test(
        "behind its own end a peer sends nothing",
        arguments: ["close", "closeWrite", "reset"])
    func sentTooLate(end: String) {
        let wanted = "'alice' has ended its own direction before this step"
        let close = #"{ "peer": "alice", "\#(end)": true }"#
        expect(problems(#"\#(close), { "peer": "alice", "send": "x" }"#), wanted)
        expect(problems(#"\#(close), { "peer": "alice", "sendBytes": "x" }"#), wanted)
        #expect(problems(#"{ "peer": "alice", "send": "x" }, \#(close)"#) == [])
    }

    @Test("what one alternative ends, the others have not")
    func endedInOneAlternative() {
        let found = problems(
            """
            { "peer": "alice", "either": [
              { "message": "one", "steps": [{ "peer": "alice", "close": true }] },
              { "message": "two", "steps": [{ "peer": "alice", "send": "x" }] }] }
            """)
        #expect(found == [])
    }

    @Test("a level above the requirement's is told")
    func raisedLevel() {
        let wanted =
            "'should' is of level S, which a level here may lower but not raise; "
            + "possible here: O, S"
        let say = #"{ "peer": "alice", "send": "x" }"#
        expect(problems(say, about: "should", #""level": "M","#), wanted)
        expect(
            problems(
                say, about: "should", #""foreach": { "w": [{ "value": "x", "level": "M" }] },"#),
            wanted)
        expect(
            problems(#"{ "peer": "alice", "send": "x", "level": "M" }"#, about: "should"), wanted)
        expect(
            problems(
                #"{ "peer": "alice", "send": "x", "requirement": "should", "level": "M" }"#),
            wanted)
        #expect(problems(say, about: "must", #""level": "O","#) == [])
    }

    @Test("a missing title hides neither what is wrong with steps nor unknown peers")
    func missingTitle() {
        let found = SmallSuite(
            file: """
                { "topic": "Test", "scenarios": [{ "id": "case", "requirements": ["must"],
                  "steps": [{ "peer": "alice", "sned": "x" },
                    { "peer": "bob", "send": "${nope}" }] }] }
                """
        ).problems
        let wanted = [
            "1:34: a scenario lacks 'title'", "2:13: a step has exactly one verb",
            "2:32: unknown key 'sned'", "3:5: unknown peer 'bob'", "'${nope}' is declared nowhere",
        ]
        #expect(found.count == wanted.count, "\(found)")
        for text in wanted { #expect(found.contains { $0.contains(text) }, "\(text) in \(found)") }
    }

    @Test("an unknown peer is told beside a step that could not be read, unless that may be it")
    func unreadSteps() {
        let stranger = #"{ "peer": "zed", "send": "x" }"#
        func strangers(_ steps: String) -> Int {
            problems("\(steps), \(stranger)").filter { $0.contains("unknown peer 'zed'") }.count
        }
        #expect(strangers(#"{ "peer": "alice", "send": 7 }"#) == 1)
        #expect(strangers(#"{ "peer": "alice", "sned": "x" }"#) == 1)
        #expect(strangers(#"{ "peer": "zed", "conect": true }"#) == 0)
        #expect(strangers(#"{ "peer": "zed", "do": "entre" }"#) == 0)
        #expect(strangers(#""x""#) == 0)
    }

    @Test("a scenario whose 'foreach' leaves nothing has no case, and check says so")
    func noCase() throws {
        let small = SmallSuite(
            """
            "requirements": ["must"], "foreach": { "n": [1], "i": { "from": 5, "to": "${n}" } },
            "steps": [\(alice)]
            """)
        #expect(small.problems == [])
        let log = ProblemLog()
        Planner.check(try #require(small.suite), log: log)
        expect(log.problems.map(\.description), "this scenario has no case")
    }
}
