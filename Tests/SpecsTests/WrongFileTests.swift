// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs
import Testing

@Suite("Wrong files")
struct WrongFileTests {
    /// Every problem of a scenario file that goes with a small protocol.
    private func problems(_ scenarios: String) -> [String] {
        let document = """
            { "protocol": "tiny", "title": "Tiny", "framing": { "kind": "line", "terminator": "\\n" },
              "forms": { "client": [], "server": [] }, "states": ["open"],
              "generators": { "word": { "alphabet": "abc", "length": [8, 8] } }, "peerNames": "word",
              "procedures": { "enter": { "steps": [{ "connect": true }, { "send": "${name}" }] } } }
            """
        let requirements = """
            { "requirements": [{ "id": "say.ok", "level": "M", "sentence": "It is said." }] }
            """
        let log = ProblemLog()
        let files = SuiteFiles(
            document: SpecFile(path: "protocol.json", bytes: Array(document.utf8)),
            requirements: SpecFile(path: "requirements.json", bytes: Array(requirements.utf8)),
            scenarios: [SpecFile(path: "say.json", bytes: Array(scenarios.utf8))])
        _ = files.suite(log: log)
        return log.problems.map(\.description)
    }

    private func scenario(_ inner: String) -> String {
        """
        { "topic": "Saying", "scenarios": [
        { "id": "say", "title": "It is said", "requirements": ["say.ok"],
        \(inner)
        } ] }
        """
    }

    @Test("a right file has no problem")
    func right() {
        #expect(problems(scenario(#""steps": [{ "peer": "al", "do": "enter" }]"#)) == [])
    }

    @Test("an unknown key is named with its place and the nearest known one")
    func unknownKey() {
        #expect(
            problems(scenario(#""preambel": [], "steps": [{ "peer": "al", "do": "enter" }]"#)) == [
                "say.json:3:1: unknown key 'preambel' in a scenario; did you mean 'preamble'?"
            ])
    }

    @Test(
        "what a restart and what is observed need is named",
        arguments: [
            (#"{ "peer": "al", "restart": true }"#, "'restart' is about the server"),
            (#"{ "server": "other", "restart": true }"#, "there is no server 'other'"),
            (#"{ "peer": "al", "server": "main", "close": true }"#, "'close' is what a peer does"),
            (
                #"{ "peer": "al", "expect": "x", "observes": "say.ok" }"#,
                "'say.ok' is of level M, and is not observed but judged"
            ),
            (#"{ "peer": "al", "send": "x", "server": "main" }"#, "'send' is what a peer does"),
            (#"{ "peer": "bo", "do": "enter", "server": "east" }"#, "there is no server 'east'"),
            (#"{ "peer": "al", "signal": "KILL" }"#, "'signal' is about the server"),
            (#"{ "server": "main", "signal": "SIGKILL" }"#, "possible here: INT, TERM, KILL"),
            (#"{ "server": "main", "expectExit": true, "peer": "al" }"#, "is about the server"),
            (#"{ "server": "main", "expectFiles": {} }"#, "'expectFiles' lacks 'lack'"),
            (#"{ "server": "main", "expectFiles": { "lack": [] } }"#, "names no text"),
            (#"{ "peer": "al", "expect": { "nto": "x" } }"#, "did you mean 'not'?"),
            (#"{ "peer": "al", "send": "x", "others": "stay" }"#, "'others' does not belong to"),
            (#"{ "peer": "al", "expect": "x", "quiet": "why" }"#, "'quiet' does not belong to"),
            (#"{ "peer": "al", "listen": "b", "link": "b" }"#, "'listen' names its port"),
            (#"{ "peer": "al", "accept": "b", "like": "c" }"#, "knows no connection 'c'"),
            (#"{ "peer": "al", "listen": "b", "on": "c" }"#, "'on' does not belong to 'listen'"),
            (#"{ "peer": "al", "respond": true }"#, "a rule with 'to'"),
            (#"{ "peer": "al", "respond": { "to": "x" } }"#, "'respond' does exactly one thing"),
            (#"{ "peer": "al", "respond": { "send": "x" } }"#, "'respond' lacks 'to'"),
            (#"{ "peer": "al", "respond": { "to": "x", "sned": "y" } }"#, "did you mean 'send'?"),
            (
                #"{ "peer": "al", "expect": "x", "patience": "rooms" }"#,
                "possible here: receiptTimeout"
            ),
            (
                #"{ "peer": "al", "send": "x", "patience": "receiptTimeout" }"#,
                "'send' waits for nothing"
            ),
        ])
    func wrongSteps(step: String, wanted: String) {
        let found = problems(scenario(#""steps": [{ "peer": "al", "do": "enter" }, \#(step)]"#))
        #expect(found.contains { $0.contains(wanted) }, "\(found)")
    }

    @Test(
        "what servers of a scenario are told is checked",
        arguments: [
            (#""files": { "peer": "x" }"#, "there is no file 'peer'; did you mean 'peers'?"),
            (#""servers": { "main": {} }"#, "every scenario has the server 'main'"),
            (#""servers": { "east": { "file": {} } }"#, "unknown key 'file' in a server"),
            (#""servers": { "east": { "files": { "users": "x" } } }"#, "there is no file 'users'"),
        ])
    func servers(members: String, wanted: String) {
        let found = problems(scenario(#"\#(members), "steps": [{ "peer": "al", "do": "enter" }]"#))
        #expect(found.contains { $0.contains(wanted) }, "\(found)")
    }

    @Test("broken JSON is named with its place")
    func brokenJSON() throws {
        let found = problems("{ \"topic\": \"Saying\",\n  \"scenarios\": [ }")
        #expect(found.count == 1)
        #expect(try #require(found.first).hasPrefix("say.json:2:18: "))
    }

    @Test("a requirement that does not exist is named with those that do")
    func unknownRequirement() {
        let text = scenario(
            #""steps": [{ "peer": "al", "connect": true, "requirement": "say.okay" }]"#)
        #expect(
            problems(text) == [
                "say.json:3:59: there is no requirement 'say.okay' in requirements.json; did you mean 'say.ok'?"
            ])
    }

    @Test("each name of a requirement is told where it stands itself")
    func placeOfRequirement() {
        let text = """
            { "topic": "Saying", "scenarios": [
            { "id": "say", "title": "It is said",
              "requirements": ["say.ok",
                "say.okay"],
              "steps": [{ "peer": "al", "do": "enter" }] } ] }
            """
        #expect(
            problems(text) == [
                "say.json:4:5: there is no requirement 'say.okay' in requirements.json; did you mean 'say.ok'?"
            ])
    }

    @Test(
        "an array in which something must stand is not empty",
        arguments: [
            (#""steps": []"#, "a scenario without steps shows nothing; write at least one"),
            (#""foreach": { "i": [] }, "steps": [$]"#, "write at least one value"),
            (#""steps": [$, { "peer": "al", "either": [] }]"#, "write at least one alternative"),
            (#""steps": [$, { "peer": "al", "observe": [] }]"#, "write at least one alternative"),
            (#""steps": [$, { "peer": "al", "sendAll": [] }]"#, "write at least one message"),
            (
                #""steps": [$, { "peer": "al", "sendBytes": [] }]"#,
                "write at least one text or part"
            ),
            (#""steps": [$, { "peer": "al", "expect": [] }]"#, "write at least one pattern"),
            (#""steps": [$, { "peer": "al", "expectAll": [] }]"#, "write at least one pattern"),
            (
                #""steps": [$, { "peer": "al", "either": [{ "messages": [] }] }]"#,
                "write at least one pattern"
            ),
            (#""steps": [$, { "together": [] }]"#, "write at least one group"),
            (
                #""steps": [$, { "repeat": { "i": [1] }, "steps": [] }]"#,
                "'repeat' without steps shows nothing"
            ),
            (#""steps": [$, { "repeat": { "i": [1] } }]"#, "'repeat' lacks 'steps'"),
            (#""steps": [$, { "together": { "i": [1] } }]"#, "'together' lacks 'steps'"),
        ])
    func emptyArrays(members: String, wanted: String) {
        let enter = #"{ "peer": "al", "do": "enter" }"#
        let parts = members.split(separator: "$", omittingEmptySubsequences: false)
        let found = problems(scenario(parts.joined(separator: enter)))
        #expect(found.count == 1, "\(found)")
        #expect(found.contains { $0.contains(wanted) }, "\(found)")
    }

    @Test(
        "a scenario without a title, an id or requirements hides no other error",
        arguments: [
            (#""id": "say", "requirements": ["say.ok"]"#, "a scenario lacks 'title'"),
            (#""title": "It", "requirements": ["say.ok"]"#, "a scenario lacks 'id'"),
            (#""id": "say", "title": "It""#, "a scenario lacks 'requirements'"),
            (
                #""id": "say", "title": 7, "requirements": ["say.ok"]"#,
                "this is a number, where a string is due"
            ),
            (
                #""id": "say", "title": "It", "requirements": []"#,
                "a scenario names at least one requirement"
            ),
        ])
    func incomplete(members: String, wanted: String) {
        let found = problems(
            """
            { "topic": "Saying", "scenarios": [{ \(members),
              "steps": [{ "peer": "al", "sned": "hi" }] }] }
            """)
        #expect(found.count == 3, "\(found)")
        #expect(found.contains { $0.contains(wanted) }, "\(found)")
        #expect(found.contains { $0.contains("unknown key 'sned'") }, "\(found)")
    }

    @Test("all errors of a file are told at once, in their order")
    func allAtOnce() {
        let text = scenario(
            """
            "steps": [
              { "peer": "al", "sned": "hi" },
              { "peer": "al", "do": "entre" },
              { "peer": "al", "send": "hi", "expect": "ho" },
              { "send": "hi" },
              { "peer": "al", "expectClose": "gently" },
              { "peer": "al", "pause": "2 hours" }
            ]
            """)
        #expect(
            problems(text) == [
                "say.json:4:3: a step has exactly one verb, this one has no verb",
                "say.json:4:19: unknown key 'sned' in a step; did you mean 'send'?",
                "say.json:5:3: there is no procedure 'entre'; did you mean 'enter'?",
                "say.json:6:3: a step has exactly one verb, this one has several verbs: send, expect",
                "say.json:7:3: 'send' lacks 'peer'",
                "say.json:8:34: 'gently' is not possible here; possible here: fin, reset, either",
                "say.json:9:28: '2 hours' is no time; write it as \"20ms\" or \"2s\"",
            ])
    }

    @Test("an unclosed value is named with its text")
    func unclosedValue() {
        let text = scenario(
            #""steps": [{ "peer": "al", "do": "enter" }, { "peer": "al", "send": "${al" }]"#)
        #expect(problems(text).count == 1)
        #expect(problems(text)[0].contains("'${' without its '}'"))
    }
}
