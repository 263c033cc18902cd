// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs
import Testing

@Suite("JSON that is sent")
struct JSONContentTests {
    private func sent(_ text: String) throws -> (text: String, problems: [String]) {
        let log = ProblemLog()
        let node = try JSONReader.parse(whole: Array(text.utf8))
        let content = NodeReader(node, file: "case.json", log: log).content
        guard case .json(let json) = content else { return ("", log.problems.map(\.description)) }
        let bytes = json.bytes { $0.literal ?? Array("VALUE".utf8) }
        return (String(decoding: bytes, as: UTF8.self), log.problems.map(\.description))
    }

    @Test(
        "it is written in the order of the file, without white space, as the file wants it",
        arguments: [
            (#"{"json":{"b":null,"a":[1,true,-1.5e3]}}"#, #"{"b":null,"a":[1,true,-1.5e3]}"#),
            (#"{"json":{"a":"${x}"}}"#, #"{"a":"VALUE"}"#),
            (#"{"json":"\"\\\u0001é😀/"}"#, #""\"\\\u0001é😀/""#),
            (#"{"json":"é😀\"","escape":"ascii"}"#, #""\u00e9\ud83d\ude00\"""#),
            (#"{"json":{"a":"b"},"escape":"all"}"#, #"{"\u0061":"\u0062"}"#),
            (#"{"json":{"a":[],"b":{}},"whiteSpace":" "}"#, #" { "a" : [ ] , "b" : { } } "#),
        ])
    func written(text: String, wanted: String) throws {
        let (found, problems) = try sent(text)
        #expect(found == wanted)
        #expect(problems == [])
    }

    @Test(
        "what is wrong is named with what would be right",
        arguments: [
            (#"{"json":1,"escape":"none"}"#, "'none' is not possible here"),
            (#"{"json":1,"whiteSpace":"x"}"#, "white space of JSON is space"),
            (#"{"json":1,"escapes":"all"}"#, "did you mean 'escape'?"),
        ])
    func wrong(text: String, wanted: String) throws {
        let problems = try sent(text).problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains(wanted) == true, "\(problems)")
    }

    @Test(
        "a wrong JSON pattern is named with its place",
        arguments: [
            (#"{"json":{"contain":"x","contains":"y"}}"#, "1:10: unknown key 'contain'"),
            (#"{"json":{"any":true,"not":1}}"#, "has any, not"),
            (#"{"json":{"...":"some"}}"#, #"write "...": "any""#),
            (#"{"json":{"type":"text"}}"#, "1:17: 'text' is not possible here"),
            (#"{"json":{"inOrder":[],"holds":[]}}"#, "'inOrder' and 'holds' exclude each other"),
            (#"{"json":{"oneOf":[]}}"#, "'oneOf' names at least one value"),
            (#"{"json":{"words":{"has":[]}}}"#, "unknown key 'has' in 'words'"),
        ])
    func wrongPattern(text: String, wanted: String) throws {
        let log = ProblemLog()
        let node = try JSONReader.parse(whole: Array(text.utf8))
        _ = PatternReader.pattern(NodeReader(node, file: "case.json", log: log))
        let problems = log.problems.map(\.description)
        #expect(problems.first?.contains(wanted) == true, "\(problems)")
    }
}
