// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Conformance

@Suite("Globs of --only")
struct GlobTests {
    @Test(
        "what matches",
        arguments: [
            ("join.*", "join.announced"), ("*", ""), ("*", "anything"), ("a?c", "abc"),
            ("framing.partial[at=3*]", "framing.partial[at=37]"), ("*a*b*", "xxaxxabxx"),
            ("Joining a channel", "Joining a channel"), ("**", "x"), ("*ing", "singing"),
        ])
    func matches(glob: String, text: String) {
        #expect(Glob(glob).matches(text))
    }

    @Test(
        "what does not",
        arguments: [
            ("join.*", "rejoin.x"), ("", "x"), ("a?c", "ac"), ("join", "join.announced"),
            ("[a]", "a"), ("*ing", "singings"), ("?", "é"),
        ])
    func doesNotMatch(glob: String, text: String) {
        #expect(!Glob(glob).matches(text))
    }

    @Test(
        "what --only names and has no case is not taken for unknown",
        arguments: [
            ("case", "\"case\" has no case"), ("T*", "\"T*\" has no case"),
            ("must", "\"must\" has no case"),
            ("open", "no scenario is about \"open\""), ("cas", "did you mean case?"),
        ])
    func withoutCases(glob: String, wanted: String) throws {
        let small = SmallSuite(
            """
            "requirements": ["must"], "foreach": { "i": { "from": 5, "to": 1 } },
            "steps": [{ "peer": "alice", "do": "enter" }]
            """)
        let said = RunCommand.nothing(Glob(glob), try #require(small.suite))
        #expect(said.contains(wanted), "\(said)")
    }
}
