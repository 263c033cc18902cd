// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing

@testable import ConformanceCore

@Suite("text for people: the rest and the summary")
struct TextSummaryTests {
    private let rich: RichReport

    init() throws {
        rich = try RichReport()
    }

    @Test("the skipped are told by reason, the observed by requirement")
    func rest() {
        let closes = SeenChoice(
            requirement: "open", step: rich.expectation, label: "closes", messages: [])
        let other = SeenChoice(
            requirement: "open", step: rich.expectation, messages: [0], end: .fin)
        let transcript = rich.transcript(bobReceives: [Array("no\u{7}".utf8)])
        let report = rich.report([
            rich.scenario(.skipped, id: "a[n=1]"), rich.scenario(.skipped, id: "a[n=2]"),
            rich.scenario(.observed, id: "b", observed: [closes]),
            rich.scenario(.observed, id: "c", observed: [closes]),
            rich.scenario(.observed, transcript: transcript, id: "d", observed: [other]),
        ])
        let text = TextExplanation.render(report, requirements: rich.requirements)
        #expect(
            text == """
                2 skipped: a[n=1-2]: the server under test does not offer 'rooms'

                observed open: closes (2 times); "no\\x07", then a close


                """)
    }

    @Test("why a run ended early stands at the end")
    func abandoned() {
        var report = rich.report([])
        report.abandoned = .unreachable("cannot connect to 127.0.0.1:9", output: RichReport.hostile)
        let text = TextExplanation.render(report, requirements: rich.requirements)
        #expect(
            text == """
                The run could not go on: cannot connect to 127.0.0.1:9
                  server     | \\x1B[2J<script>\\xE2\\x80\\xAE]]>\\0\\r
                             | \\xFF\\xFE\\x80


                """)
    }

    @Test("the summary: a line for each topic, the coverage, the total")
    func summary() {
        var report = rich.report([
            rich.scenario(.pass), rich.scenario(.pass), rich.scenario(.fail),
            rich.scenario(.skipped),
        ])
        report.scenarios[1].plan.topic = "Other things"
        report.coverage.cuts = [
            .init(form: "text", planned: 9, proven: 8, offsets: [1...8], unproven: [9...9])
        ]
        #expect(
            TextSummary.render(report) == """
                topic          pass   fail  skipped        time
                Test              1      1        1     37.0 ms
                Other things      1      -        -     12.3 ms

                  covered    0 of 5 requirements (M 0 of 2, S 0 of 2, O 0 of 1), 0 of 9 message forms, 0 of 17 pairs
                             of state and form
                  cuts       9 made, 8 proven to arrive as cuts
                  pace       drained
                  note       cuts are proven by socket diagnosis

                padded: 4 scenarios in 3.20 s, seed 18446744073709551615
                2 pass, 1 fail, 1 skipped

                """)
    }
}
