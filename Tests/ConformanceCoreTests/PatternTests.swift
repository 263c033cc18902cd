// SPDX-License-Identifier: Apache-2.0

@testable import ConformanceCore
import Specs
import Testing

@Suite("Patterns, and what they say of what they refuse")
struct PatternTests {
    private func text(_ text: String) -> TextPattern {
        TextPattern(text.isEmpty ? [] : [.literal(Array(text.utf8))])
    }

    private func outcome(_ pattern: Pattern, _ payload: String, frame: String? = nil)
        -> PatternOutcome
    {
        pattern.match(
            Candidate(payload: Array(payload.utf8), frame: Array((frame ?? payload).utf8)))
    }

    private func mismatch(_ pattern: Pattern, _ payload: String) -> Mismatch? {
        if case .mismatched(let mismatch) = outcome(pattern, payload) { mismatch } else { nil }
    }

    private func list(
        contains: [String] = [], lacks: [String] = [], only: Bool = false,
        ignoresEmpty: Bool = false,
        prefix: String? = nil, trims: [UInt8] = []
    ) -> Pattern {
        .items(
            ItemsPattern(
                separator: [0x0A], prefix: prefix.map { text($0) },
                contains: contains.map { text($0) },
                lacks: lacks.map { text($0) }, only: only, ignoresEmpty: ignoresEmpty, trims: trims)
        )
    }

    @Test("a text accepts itself, and names the offset at which others depart")
    func exact() {
        #expect(mismatch(.text(text("hello")), "hello") == nil)
        let found = mismatch(.text(text("hello")), "help")
        #expect(found?.firstDifference == 3)
        #expect(found?.accepted == ["\"hello\""])
        #expect(found?.nearest == Array("hello".utf8))
    }

    @Test("the empty text accepts nothing but an empty message")
    func empty() {
        #expect(mismatch(.text(text("")), "") == nil)
        #expect(mismatch(.text(text("")), "x")?.firstDifference == 0)
    }

    @Test("what a message must not be is all that it must not be")
    func negation() {
        let pattern = Pattern.not(.startsWith(text("RECV ")))
        #expect(mismatch(pattern, "RESULT SAY 0") == nil)
        #expect(mismatch(pattern, "") == nil)
        #expect(
            mismatch(pattern, "RECV al hi")?.accepted == [
                "anything but a message that starts with \"RECV \""
            ])
    }

    @Test("a beginning, an end and a part are looked for where they belong")
    func parts() {
        #expect(mismatch(.startsWith(text("ab")), "abc") == nil)
        #expect(mismatch(.startsWith(text("ab")), "acb")?.firstDifference == 1)
        #expect(
            mismatch(.startsWith(text("ab")), "a")?.accepted == [
                "a message that starts with \"ab\""
            ])
        #expect(mismatch(.endsWith(text("bc")), "abc") == nil)
        #expect(
            mismatch(.endsWith(text("bc")), "bcd")?.accepted == ["a message that ends with \"bc\""])
        #expect(mismatch(.contains(text("b")), "abc") == nil)
        #expect(mismatch(.contains(text("b")), "ac")?.accepted == ["a message that contains \"b\""])
    }

    @Test("any message is any message")
    func any() {
        #expect(mismatch(.any, "\u{1}x") == nil)
        #expect(Pattern.any.accepted() == ["any message"])
    }

    @Test("a frame pattern sees padding and terminator")
    func frame() {
        let pattern = Pattern.frame(.endsWith(text("  ")))
        #expect(outcome(pattern, "hi", frame: "hi   ") == .matched(Match(bound: [:])))
        guard case .mismatched(let mismatch) = outcome(pattern, "hi  ", frame: "hi\n") else {
            return #expect(Bool(false), "it matched")
        }
        #expect(mismatch.accepted == ["the whole frame a message that ends with \"  \""])
    }

    @Test("of several alternatives the first that fits counts, with its label and its tolerance")
    func anyOf() {
        let pattern = Pattern.anyOf([
            Accepted(pattern: .text(text("yes")), label: "right"),
            Accepted(pattern: .startsWith(text("ye")), label: "near", tolerated: "some do"),
        ])
        #expect(outcome(pattern, "yes") == .matched(Match(bound: [:], label: "right")))
        #expect(
            outcome(pattern, "yeah")
                == .matched(Match(bound: [:], label: "near", tolerated: "some do")))
    }

    @Test("a refusal lists all alternatives and measures against the nearest")
    func nearest() {
        let pattern = Pattern.anyOf([
            Accepted(pattern: .text(text("alpha"))), Accepted(pattern: .text(text("beta"))),
        ])
        let found = mismatch(pattern, "bets")
        #expect(found?.accepted == ["\"alpha\"", "\"beta\""])
        #expect(found?.firstDifference == 3)
        #expect(found?.nearest == Array("beta".utf8))
    }

    @Test(
        "a list says which item is wrong",
        arguments: [
            ("a\nb", nil), ("b\na", nil), ("a\nb\nc", nil), ("a", "\"b\" is not in it"),
            ("a\nb\na", "\"a\" is in it 2 times"), ("", "\"a\" is not in it"),
        ] as [(String, String?)])
    func items(payload: String, reason: String?) {
        #expect(mismatch(list(contains: ["a", "b"]), payload)?.reason == reason)
    }

    @Test("a list refuses what it must lack, and others where only its own may be there")
    func exactItems() {
        #expect(mismatch(list(contains: ["a"], lacks: ["c"]), "a\nc")?.reason == "\"c\" is in it")
        #expect(
            mismatch(list(contains: ["a"], only: true), "a\nc")?.reason == "\"c\" is in it, too")
        #expect(mismatch(list(contains: ["a"], only: true), "a\n")?.reason == "\"\" is in it, too")
        #expect(mismatch(list(contains: ["a"], only: true, ignoresEmpty: true), "\na\n") == nil)
    }

    @Test("a list may have a prefix, and items with white space around them")
    func prefixAndTrim() {
        let pattern = list(contains: ["a", "b"], only: true, prefix: "OK ", trims: [0x20])
        #expect(mismatch(pattern, "OK a \n b") == nil)
        #expect(mismatch(pattern, "a\nb")?.reason == "it does not begin with \"OK \"")
        #expect(
            pattern.accepted() == [
                "a list, separated by \"\\n\", behind \"OK \", with \"a\", \"b\" once each in any order, and nothing else"
            ])
    }

    @Test("a capture is shown by its name until it is bound")
    func captures() {
        let pattern = Pattern.text(TextPattern([.literal(Array("I am ".utf8)), .capture("self")]))
        #expect(pattern.accepted() == ["\"I am ‹self›\""])
        #expect(pattern.accepted(["self": Array("it".utf8)]) == ["\"I am it\""])
        #expect(
            outcome(pattern, "I am it") == .matched(Match(bound: ["self": Array("it".utf8)])))
    }

    @Test("bytes that are no text are shown escaped")
    func escaped() {
        let pattern = Pattern.text(TextPattern([.literal([0x1B, 0x5B, 0xFF])]))
        #expect(pattern.accepted() == ["\"\\x1B[\\xFF\""])
    }
}
