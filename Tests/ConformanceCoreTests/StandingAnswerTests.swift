// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import TestSupport
import Testing

/// Standing answers, and connections that the server opens, against the machine of `callback`.
@Suite("Peers with connections that the server opens")
struct StandingAnswerTests {
    private static let receipt = "302 Message receipt successful"

    private func passes(_ members: String) throws {
        let run = try AgreedRun(callback: members)
        #expect(run.verdict == .pass, "\(run.judgement.findings)")
    }

    private static let four = """
        "requirements": ["must"], "values": { "held": "text", "free": "text" },
        "preamble": [
          { "repeat": { "who": ["alice", "bob", "carol", "dave"] },
            "steps": [{ "peer": "${who}", "do": "enter" }] },
          { "peer": "dave", "do": "answer" } ],
        "steps": [
          { "peer": "alice", "send": "/to ${carol} ${held}" },
          { "peer": "carol", "link": "b", "expect": "/from ${alice} ${held}" },
          { "peer": "bob", "send": "/to ${dave} ${free}" },
          { "peer": "bob", "expect": { "startsWith": "303" } },
          { "peer": "dave", "link": "b", "expect": "/from ${bob} ${free}" },
          { "peer": "alice", "expectNothing": { "quiet": "the sender is not read from" } },
          { "peer": "carol", "link": "b", "send": "302 Message receipt successful" },
          { "peer": "alice", "expect": { "startsWith": "303" } } ]
        """

    @Test("a receipt is withheld while others talk")
    func withheld() throws {
        try passes(Self.four)
        let locked = try AgreedRun(callback: Self.four, fault: "one-message-at-a-time-for-all")
        #expect(locked.verdict == .fail)
        let early = try AgreedRun(callback: Self.four, fault: "confirms-before-the-receipt")
        #expect(early.verdict == .fail)
    }

    @Test("ten users send to all at once, and each answers by itself")
    func interleaved() throws {
        let members = """
            "requirements": ["must"],
            "preamble": [{ "repeat": { "i": { "from": 1, "to": 10 } }, "steps": [
              { "peer": "user${i}", "do": "enter" }, { "peer": "user${i}", "do": "answer" } ] }],
            "steps": [
              { "together": { "i": { "from": 1, "to": 10 } }, "steps": [
                { "repeat": { "n": { "from": 1, "to": 3 } }, "steps": [
                  { "peer": "user${i}", "send": "/toall message ${n} of ${i}" },
                  { "peer": "user${i}", "expect": { "startsWith": "303" } } ] } ] },
              { "repeat": { "j": { "from": 1, "to": 10 } }, "steps": [
                { "peer": "user${j}", "link": "b", "expectAll": [{
                  "each": { "i": { "from": 1, "to": 10, "except": "${j}" },
                    "n": { "from": 1, "to": 3 } },
                  "message": "/broadcastfrom ${user${i}} message ${n} of ${i}" }] } ] } ]
            """
        try passes(members)
        #expect(try AgreedRun(callback: members, fault: "delivers-twice").verdict == .fail)
    }

    /// Alice sends to bob, who answers as `rule` says; `rest` are steps behind that.
    private func sent(_ rule: String, _ answer: String, _ rest: String = "") -> String {
        """
        "requirements": ["must"], "values": { "words": "text" },
        "preamble": [{ "peer": "alice", "do": "enter" }, { "peer": "bob", "do": "enter" },
          { "peer": "carol", "do": "enter" },
          { "peer": "bob", "link": "b", "respond": \(rule) }],
        "steps": [{ "peer": "alice", "send": "/to ${bob} ${words}" },
          { "peer": "alice", "expect": { "startsWith": "\(answer)" } }\(rest)]
        """
    }

    @Test(
        "receipts are delayed, falsified, doubled, broken",
        arguments: [
            (
                #"{ "to": { "startsWith": "/from" }, "send": "\#(receipt)", "after": "500ms" }"#,
                "303"
            ),
            (#"{ "to": "/from ${alice} ${words}", "send": "999 what" }"#, "304"),
            (#"{ "to": { "any": true }, "sendAll": ["\#(receipt)", "\#(receipt)"] }"#, "303"),
            (#"{ "to": { "any": true }, "sendBytes": "302 Mess" }"#, "304"),
            (#"{ "to": { "any": true }, "reset": true }"#, "304"),
            (#"{ "to": { "any": true }, "close": true }"#, "304"),
            (
                #"[{ "to": "no", "reset": true }, { "to": { "any": true }, "send": "\#(receipt)" }]"#,
                "303"
            ),
        ])
    func kindsOfAnswers(rule: String, answer: String) throws {
        // Half a receipt is waited for until the server gives up and closes the connection.
        let isHalf = rule.contains("sendBytes")
        let members = sent(rule, answer)
            .replacing("\"expect\": {", with: "\"patience\": \"receiptTimeout\", \"expect\": {")
        let allowed =
            isHalf ? #""allow": [{ "close": "either", "peer": "bob", "link": "b" }], "# : ""
        try passes(allowed + members)
    }

    @Test("an answer is given as often as it says, and no more when it is taken back")
    func ends() throws {
        let again = """
            , { "peer": "alice", "send": "/to ${bob} again" },
            { "peer": "bob", "link": "b", "expect": "/from ${alice} again" },
            { "peer": "bob", "link": "b", "send": "\(Self.receipt)" },
            { "peer": "alice", "expect": { "startsWith": "303" } }
            """
        let once = #"{ "to": { "any": true }, "send": "\#(Self.receipt)", "times": 1 }"#
        try passes(sent(once, "303", again))
        let always = #"{ "to": { "any": true }, "send": "\#(Self.receipt)" }"#
        let off = #", { "peer": "bob", "link": "b", "respond": false }"#
        try passes(sent(always, "303", off + again))
    }

    @Test("what is answered is seen by a step only where it is collected")
    func collects() throws {
        let expect = #", { "peer": "bob", "link": "b", "expect": "/from ${alice} ${words}" }"#
        let kept = #"{ "to": { "any": true }, "send": "\#(Self.receipt)", "collect": true }"#
        try passes(sent(kept, "303", expect))
        let run = try AgreedRun(callback: sent(kept, "303"))
        #expect(run.verdict == .fail)
        #expect(run.judgement.findings.map(\.kind) == [.unexpected])
    }

    @Test("what a rule captures is known to its answer alone")
    func localCaptures() throws {
        let rule = #"{ "to": "/from {{who}} {{what}}", "send": "302 {{what}}" }"#
        try passes(
            sent(
                rule, "303",
                #", { "peer": "alice", "send": "/to ${bob} else" },"#
                    + #"{ "peer": "alice", "expect": { "startsWith": "303" } }"#))
    }

    @Test("receipts are cut, and each cut is proven")
    func cutReceipts() throws {
        let rule = #"{ "to": { "any": true }, "send": "\#(Self.receipt)" }, "split": "every:5""#
        let run = try AgreedRun(callback: sent(rule, "303"))
        #expect(run.verdict == .pass, "\(run.judgement.findings)")
        let cuts = run.transcript.entries.compactMap { entry -> Int? in
            if case .cut(_, form: "receipt", let offset, proven: true) = entry.event {
                offset
            } else {
                nil
            }
        }
        #expect(cuts == [5, 10, 15, 20, 25, 30])
    }
}
