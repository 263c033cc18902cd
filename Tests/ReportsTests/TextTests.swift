// SPDX-License-Identifier: Apache-2.0

import Reports
import Specs
import Testing

@testable import ConformanceCore

@Suite("text for people")
struct TextTests {
    private let rich: RichReport

    init() throws {
        rich = try RichReport()
    }

    @Test("what else was found, what the server printed and how it ended, the capture")
    func context() {
        let findings = [
            rich.finding(.silence(accepted: ["\"a\"", "\"b\""], waited: 2_000_000_000)),
            rich.finding(.endedUnasked(.reset)), rich.finding(.notRefused),
        ]
        var scenario = rich.scenario(.fail, findings: findings, id: "case[a=1]")
        scenario.serverOutput = ServerOutput(
            head: [], omitted: 9, tail: Array("1\n2\n3\n4\n5\n\u{1B}[31mred\u{7}\n".utf8))
        scenario.serverEnd = "signal 11 (SIGSEGV)"
        scenario.capture = .init(
            path: "captures/case.pcapng", source: .synthesised(reason: "no right to capture"))
        let text = rich.explained([scenario])
        #expect(
            text.hasPrefix(
                """
                FAIL case[a=1]
                  It holds
                  what       bob received nothing within 2 s
                  violates   must (M): It must.
                  step       bob expects "[alice] hi"
                  at         case.json:5:3
                  required   "a"
                    or       "b"
                  also       \(RichReport.sentence(.endedUnasked(.reset))) (must)
                  also       bob was accepted, where it is to be refused (must)
                  server     | 2
                             | 3
                             | 4
                             | 5
                             | \\x1B[31mred\\x07
                             ended by itself: signal 11 (SIGSEGV)
                  capture    captures/case.pcapng
                             synthesised from the transcript: no right to capture
                  reproduce  conformance run padded --only case[a=1] --seed 7

                """), "\(text)")
    }

    @Test("who is refused because the server has ended is told that, where the connection is named")
    func refusedByNobody() {
        let refused = rich.finding(.refused("Connection refused (ECONNREFUSED)"))
        var scenario = rich.scenario(.inconclusive, findings: [refused])
        let what = "what       bob could not connect: Connection refused (ECONNREFUSED)"
        #expect(rich.explained([scenario]).contains(what + "\n"))
        scenario.serverEnd = "exited with status 3"
        let text = rich.explained([scenario]).split(whereSeparator: \.isWhitespace)
        #expect(
            text.joined(separator: " ").contains(
                "(ECONNREFUSED); the server had ended: exited with status 3"))
        let unlaunched = Finding(
            requirement: "must", level: .must, isPreamble: true, kind: .refused("it is gone"))
        scenario = rich.scenario(.inconclusive, findings: [unlaunched])
        #expect(rich.explained([scenario]).contains("what       it is gone\n"))
    }

    @Test("the runner's own questions are no part of the history, unless they are the matter")
    func barriers() {
        var transcript = rich.transcript(bobReceives: [])
        for event: TranscriptEvent in [
            .barrierSent(RichReport.bob, nonce: Array("qxz".utf8)),
            .said(RichReport.bob, form: "text", state: "named", payload: Array("/qxz".utf8)),
        ] { transcript.entries.insert(TranscriptEntry(time: 9, event: event), at: 0) }
        func isShown(_ kind: FindingKind) -> Bool {
            rich.explained([
                rich.scenario(.fail, findings: [rich.finding(kind)], transcript: transcript)
            ]).contains("bob sends \"/qxz\"")
        }
        #expect(!isShown(.notEnded(waited: 1)))
        #expect(isShown(.unanswered(waited: 1)))
    }

    @Test("what made the verdict is explained before what is left open")
    func weightiest() {
        var open = rich.finding(.notRefused)
        open.level = .open
        let text = rich.explained([
            rich.scenario(.fail, findings: [open, rich.finding(.notEnded(waited: 1_000_000_000))])
        ])
        #expect(text.contains("  what       the server did not close bob within"))
        #expect(text.contains("  also       bob was accepted"))
    }

    @Test("cases that fail alike are explained once and listed in one line")
    func alike() {
        let cases = (Int64(1)...199).map {
            rich.scenario(
                .fail, findings: [rich.finding(.notEnded(waited: 1_000_000_000 * $0))],
                id: "case[at=\($0)]")
        }
        let text = rich.explained(cases)
        #expect(text.hasPrefix("FAIL case[at=1]\n"))
        #expect(text.hasSuffix("  likewise   198 more cases: case[at=2-199]\n\n"))
        #expect(text.split(separator: "\n").count == 9, "\(text)")
    }

    @Test("a server that cannot be reached is one cause, whatever the scenario")
    func unreachable() {
        let scenarios = ["one", "two[x=1]", "two[x=3]", "two[x=ä]"].map {
            rich.scenario(
                .inconclusive,
                findings: [rich.finding(.refused("Connection refused"), isPreamble: true)], id: $0)
        }
        #expect(
            rich.explained(scenarios).hasSuffix(
                "  likewise   3 more scenarios: two [x=1], [x=3], [x=ä]\n\n"))
    }

    @Test("nothing of the server's reaches the terminal as a command, and lines keep the width")
    func hostile() {
        for width in [100, 140] {
            let text = TextExplanation.render(
                rich.everything, requirements: rich.requirements, style: TextStyle(width: width))
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format })
            #expect(!text.utf8.contains { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F })
            // A hex dump and a mark are as wide as they are.
            let wide = text.split(separator: "\n").filter {
                $0.count > width && !$0.contains("reproduce") && !$0.contains("|")
                    && !$0.contains("^^")
            }
            #expect(wide == [])
        }
    }

    @Test("colour is there only where it is asked for")
    func colour() {
        let scenario = rich.mismatch("a", "b")
        #expect(!rich.explained([scenario]).contains("\u{1B}"))
        #expect(
            rich.explained([scenario], style: TextStyle(hasColour: true))
                .hasPrefix("\u{1B}[31mFAIL case\u{1B}[0m\n"))
    }
}
