// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("Suggestion")
struct SuggestionTests {
    private static let commands = ["run", "list", "explain", "check", "judge", "doctor"]

    @Test(
        "the nearest known word is suggested, where one is near",
        arguments: [
            ("rnu", "run"), ("lst", "list"), ("lists", "list"), ("explian", "explain"),
            ("EXPLAIN", "explain"), ("docter", "doctor"), ("judeg", "judge"),
        ]
    )
    func suggests(word: String, expected: String) {
        #expect(Suggestion.nearest(to: word, in: Self.commands) == expected)
    }

    @Test("nothing is suggested where nothing is near", arguments: ["", "x", "serve", "reports"])
    func suggestsNothing(word: String) {
        #expect(Suggestion.nearest(to: word, in: Self.commands) == nil)
    }

    @Test("the nearer of two is suggested, the first of two as near")
    func prefersTheNearer() {
        #expect(Suggestion.nearest(to: "port", in: ["ports", "port2", "sort"]) == "ports")
        #expect(Suggestion.nearest(to: "splitt", in: ["splat", "split"]) == "split")
    }

    @Test("a word of absurd length has no suggestion")
    func isBounded() {
        let long = String(repeating: "a", count: 100_000)
        #expect(Suggestion.nearest(to: long, in: [long, "a"]) == nil)
    }
}
