// SPDX-License-Identifier: Apache-2.0

import Specs
import Testing

@Suite("Texts with gaps")
struct TextPatternTests {
    private func pattern(_ text: String) -> TextPattern {
        let log = ProblemLog()
        let place = SourcePosition(file: "test")
        let template = Template(parsing: Array(text.utf8), position: place, log: log)
        return TextPattern(
            template.parts.compactMap { part in
                switch part {
                case .literal(let bytes): .literal(bytes)
                case .capture(let name): .capture(name)
                case .value: nil
                }
            })
    }

    private func captured(_ text: String, in whole: String) -> [String: String]? {
        guard case .matched(let bound) = pattern(text).match(Array(whole.utf8)) else { return nil }
        return bound.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test("a literal matches itself alone and tells where others depart")
    func literal() {
        #expect(pattern("hello").match(Array("hello".utf8)) == .matched([:]))
        #expect(pattern("hello").match(Array("help".utf8)) == .departed(at: 3))
        #expect(pattern("hello").match(Array("hell".utf8)) == .departed(at: 4))
        #expect(pattern("hello").match(Array("hello!".utf8)) == .departed(at: 5))
    }

    @Test("a gap takes what lies before the next literal")
    func gaps() {
        #expect(
            captured("[{{name}}] {{text}}", in: "[bob] hi [x]") == [
                "name": "bob", "text": "hi [x]",
            ])
        #expect(captured("{{name}} has joined", in: "al has joined") == ["name": "al"])
    }

    @Test("a gap before the last literal takes all up to the text's end")
    func lastLiteral() {
        #expect(captured("{{a}} left", in: "x left left") == ["a": "x left"])
    }

    @Test("a gap takes at least one byte")
    func emptyGap() {
        #expect(captured("/join {{channel}}", in: "/join ") == nil)
        #expect(captured("{{a}}b", in: "b") == nil)
    }

    @Test(
        "a text fits where it matches",
        arguments: ["", "hi", "hi {{a}}", "{{a}}", "hi {{a}} x", "hi {{a}}{{b}}", "{{a}}-{{a}}"])
    func fits(_ form: String) {
        for text in ["", "h", "hi", "hi ", "hi b", "hi!", "hi b x", "hi bc", "x-x", "x-y", "ho b"] {
            #expect(pattern(form).fits(Array(text.utf8)) == (captured(form, in: text) != nil))
        }
    }

    @Test("a name that is bound must come again with the same bytes")
    func boundTwice() {
        #expect(captured("{{a}}-{{a}}", in: "x-x") == ["a": "x"])
        #expect(captured("{{a}}-{{a}}", in: "x-y") == nil)
        let known = ["self": Array("here".utf8)]
        #expect(
            pattern("at {{self}}").match(Array("at here".utf8), bound: known) == .matched(known))
        #expect(
            pattern("at {{self}}").match(Array("at home".utf8), bound: known) == .departed(at: 4))
    }
}
