// SPDX-License-Identifier: Apache-2.0

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
}
