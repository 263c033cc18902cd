// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs
import Testing

@Suite("JSON patterns, and what they say of what they refuse")
struct JSONPatternTests {
    private func pattern(_ text: String) throws -> JSONPattern<TextPattern> {
        let log = ProblemLog()
        let node = try JSONReader.parse(whole: Array("{\"json\":\(text)}".utf8))
        let reader = NodeReader(node, file: "case.json", log: log)
        guard case .json(let pattern) = PatternReader.pattern(reader) else {
            throw Wrong(text: text)
        }
        #expect(log.problems == [])
        return pattern.map { template in
            TextPattern(
                template.parts.compactMap { part in
                    switch part {
                    case .literal(let bytes): .literal(bytes)
                    case .capture(let name): .capture(name)
                    case .value: nil
                    }
                })
        }
    }

    private struct Wrong: Error { var text: String }

    /// What is wrong with `value`; `nil` where it is accepted.
    private func fault(_ text: String, _ value: String) throws -> String? {
        let node = try JSONReader.parse(whole: Array(value.utf8))
        switch try pattern(text).match(node) {
        case .matched: return nil
        case .departed(let departure): return departure.sentence()
        }
    }

    @Test(
        "a pattern accepts what it describes",
        arguments: [
            (#"{"a":"x"}"#, #"{"a":"\u0078"}"#), (#"{"a":1}"#, #"{"a":1.0}"#), ("null", "null"),
            (#"{"b":true,"a":null}"#, #"{"a":null,"b":true}"#),
            (#"{"a":"x","...":"any"}"#, #"{"z":[],"a":"x"}"#),
            (#"["x",{"any":true}]"#, #"["x",{}]"#),
            (#"{"contains":"b"}"#, #""abc""#), (#"{"startsWith":"a"}"#, #""abc""#),
            (#"{"endsWith":"c"}"#, #""abc""#), (#"{"type":"number"}"#, "-1e3"),
            (#"{"mentions":"b"}"#, #"[{"k":["abc"]}]"#), (#"{"oneOf":["x",2]}"#, "2"),
            (#"{"not":null}"#, #""x""#), (#"{"jsonText":{"a":1}}"#, #""{\"a\": 1}""#),
            (#"{"literal":"${x}"}"#, #""${x}""#), (#"{"object":{"any":1}}"#, #"{"any":1}"#),
            (#"{"inOrder":["a","b"]}"#, #"["a",1,"b"]"#), (#"{"holds":["b","a"]}"#, #"["a","b"]"#),
            (#"{"holds":["a","a"]}"#, #"["a","a"]"#), (#"{"lacks":["a"]}"#, #"["b"]"#),
            (#"{"each":{"type":"string"}}"#, #"["a","b"]"#),
            (#"{"words":{"contains":["al","bo"],"lacks":["b"]}}"#, #""users: al, bo!""#),
            (#"{"words":{"contains":["al"]}}"#, #"["bo","al x"]"#),
            (#"["{{w}}","{{w}}"]"#, #"["x","x"]"#),
        ])
    func accepts(text: String, value: String) throws {
        #expect(try fault(text, value) == nil)
    }

    @Test(
        "a refusal names the place, what is required there, and what came",
        arguments: [
            (#"{"a":"x"}"#, #"{"a":"y"}"#, #"at a "x" is required, "y" came"#),
            (#"{"a":"x"}"#, "[]", #"{"a": "x"} is required, an array of 0 elements came"#),
            (#"{"a":1}"#, "{}", #"the message lacks the key "a"; it is an object without keys"#),
            (
                #"{"a":1}"#, #"{"a":1,"b":2}"#,
                #"the message has the key "b", which does not belong there"#
            ),
            (
                #"{"a":[{"b":"x"}]}"#, #"{"a":[{"b":null}]}"#,
                #"at a[0].b "x" is required, null came"#
            ),
            ("[1,2]", "[1]", "the message has 1 elements, where 2 are required"),
            (
                #"{"c":{"jsonText":{"s":"x"}}}"#, #"{"c":"{\"s\":\"y\"}"}"#,
                #"at c(as JSON).s "x" is required, "y" came"#
            ),
            (
                #"{"c":{"jsonText":1}}"#, #"{"c":"{"}"#,
                #"c is to hold JSON, and does not: the text ends inside an object that begins at line 1, column 1; it is "{""#
            ),
            (
                #"{"c":{"inOrder":["b","a"]}}"#, #"{"c":["a","b"]}"#,
                #"c has its element "a" in the wrong place"#
            ),
            (#"{"c":{"holds":["a"]}}"#, #"{"c":["b"]}"#, #"c has no element "a" among its 1"#),
            (#"{"c":{"holds":["a"]}}"#, #"{"c":["a","a"]}"#, #"c has 2 elements "a", not one"#),
            (
                #"{"c":{"lacks":["a"]}}"#, #"{"c":["b","a"]}"#,
                #"c[1] is "a", which may not be there"#
            ),
            (
                #"{"c":{"each":{"type":"string"}}}"#, #"{"c":["b",1]}"#,
                "at c[1] a string is required, 1 came"
            ),
            (
                #"{"c":{"words":{"contains":["al"]}}}"#, #"{"c":"ally"}"#,
                #"c lacks the word "al"; it is "ally""#
            ),
            (
                #"{"c":{"words":{"lacks":["al"]}}}"#, #"{"c":"al"}"#,
                #"c has the word "al", which may not be there; it is "al""#
            ),
            (
                #"{"c":{"oneOf":["a",{"any":true}]}}"#, "{}",
                #"the message lacks the key "c"; it is an object without keys"#
            ),
            (#"{"c":{"oneOf":["a","b"]}}"#, #"{"c":1}"#, #"at c "a" or "b" is required, 1 came"#),
            (
                #"{"c":{"not":null}}"#, #"{"c":null}"#,
                "at c anything but null is required, null came"
            ),
            (
                #"{"c":{"mentions":"a"}}"#, #"{"c":{"a":1}}"#,
                #"at c a value with "a" in it is required, an object with the keys "a" came"#
            ),
            (#"{"a b":1}"#, #"{"a b":2}"#, #"at ["a b"] 1 is required, 2 came"#),
        ])
    func refuses(text: String, value: String, sentence: String) throws {
        #expect(try fault(text, value) == sentence)
    }

    @Test("what a server sent is escaped and bounded")
    func untrusted() throws {
        let escape = try #require(try fault(#"{"a":"x"}"#, #"{"a":"\u001b[31m"}"#))
        #expect(!escape.utf8.contains(0x1B))
        let long = "{\"a\":\"" + String(repeating: "y", count: 5000) + "\"}"
        #expect(try #require(try fault(#"{"a":"x"}"#, long)).utf8.count < 200)
    }

    @Test("a capture binds the text of a string, and must come again")
    func captures() throws {
        let node = try JSONReader.parse(whole: Array(#"{"a":"x-1","b":"1"}"#.utf8))
        guard case .matched(let bound) = try pattern(#"{"a":"x-{{n}}","b":"{{n}}"}"#).match(node)
        else {
            Issue.record("it does not match")
            return
        }
        #expect(bound == ["n": Array("1".utf8)])
    }

    @Test("deep values and texts that hold deep values are refused, and cost no stack")
    func deep() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(try fault(#"{"mentions":"a"}"#, deep) != nil)
        let tooDeep = String(repeating: "[", count: 100_000)
        #expect(try fault(#"{"jsonText":{"any":true}}"#, "\"\(tooDeep)\"") != nil)
    }
}
