// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

@testable import ConformanceCore

extension RichReport {
    /// All kinds of findings; a message shows those that are about one.
    static let allKinds: [FindingKind] =
        [
            .mismatch(
                Mismatch(
                    accepted: ["\"[alice] hi\""], firstDifference: 9,
                    nearest: Array("[alice] hi".utf8))),
            .unexpected, .strayed(asked: "alice"),
            .silence(accepted: ["\"[alice] hi\""], waited: 2_000_000_000),
            .endedInstead(.reset, accepted: ["any message"]), .endedUnasked(.fin),
            .missing(["bob: \"[alice] hi\""], waited: 2_000_000_000),
            .notEnded(waited: 2_000_000_000), .wrongEnd(.fin, wanted: .reset),
            .refused("Connection refused"), .notAccepted(waited: 1), .notConnected(waited: 1),
            .connectedUnasked("bob.b"), .notRefused, .unanswered(waited: 1),
            .notTaken(waited: 1),
            .neverHeld(attempts: 3, accepted: ["a list"], waited: 1),
            .tolerated("old servers do it"),
            .notRestarted(.ended("no")), .notRestarted(.undecided("slow")),
            .notExited(waited: 1), .textInFile("\"secret\"", file: "data\u{1B}base"), .noFiles,
            .serverEnded("exit status 1"), .flooded(bytes: 1 << 20), .interrupted,
            .inconsistent("message 3 was taken twice"),
        ] + FramingDeviation.allCases.map { .framing($0) }

    /// Every event there is, in no order that could happen.
    static let allEvents: [TranscriptEvent] = [
        .began(StepID(1)), .finished(StepID(1), .held), .finished(StepID(1), .silent),
        .finished(StepID(1), .ended), .finished(StepID(1), .refused), .connecting(bob),
        .connected(bob), .refused(bob, reason: "no"), .sent(bob, hostile, step: nil),
        .said(bob, form: nil, state: "named", payload: hostile), .taken(bob, .assumed),
        .taken(bob, .gone), .cut(bob, form: nil, offset: 3, proven: false),
        .received(bob, hostile), .barrierSent(bob, nonce: Array("word".utf8)),
        .barrierAnswered(bob, message: 0), .allowed(message: 0), .cleared(message: 0),
        .proof(StepID(1), .barrier), .proof(StepID(1), .drained), .proof(StepID(1), .quiet),
        .chose(StepID(1), alternative: 1), .chose(StepID(1), alternative: nil),
        .attempt(StepID(1), 2), .ended(bob, .fin), .ended(bob, .reset), .closedWrite(bob),
        .closed(bob), .reset(bob), .stoppedReading(bob), .resumedReading(bob),
        .backlog(bob, 12), .backlog(bob, nil), .waitedQuietly(StepID(1), nanoseconds: 20_000_000),
        .accepting(bob), .listening(ListenerID(0), port: 9), .arrivals(ListenerID(0), true),
        .relayed(bob, by: alice), .confirmed(alice, message: 0),
        .answered(StepID(1), rule: 0, message: 0), .waited(StepID(1), nanoseconds: 300_000_000),
        .signalled(StepID(1), .kill), .threads(StepID(1), 3),
        .searched(
            StepID(1), SearchedFiles(count: 2, found: [FoundText(text: 0, file: "data\u{1B}base")])),
        .restarted(nil), .restarted(.ended("no")), .restarted(.undecided("slow")),
        .learned("host:al", Array("127.0.0.2".utf8)),
        .serverEnded("signal 11"), .aborted(.flooded(bytes: 9)), .aborted(.interrupted),
    ]

    /// A report with all verdicts, kinds of findings and events, and with hostile bytes.
    var everything: Report {
        var transcript = transcript(bobReceives: [Self.hostile, Array("[alice] ho".utf8)])
        transcript.messages[0].message.bytes = Self.hostile
        transcript.messages[0].message.deviations = [.shortFrame, .otherPadding]
        let start = transcript.entries.last?.time ?? 0
        for (number, event) in Self.allEvents.enumerated() {
            transcript.entries.append(TranscriptEntry(time: start + Int64(number), event: event))
        }
        let choice = SeenChoice(
            requirement: "open", step: expectation, label: "closes", messages: [0, 1], end: .fin)
        let unnamed = SeenChoice(requirement: "open", step: expectation, messages: [])
        var scenarios = Verdict.allCases.map {
            scenario(
                $0, transcript: transcript, id: "case[v=\($0)]", observed: [choice, unnamed],
                tolerated: [finding(.tolerated("old servers do it"), message: 0)])
        }
        for (number, kind) in Self.allKinds.enumerated() {
            let found = [finding(kind, message: 0), finding(kind, link: nil, isPreamble: true)]
            scenarios.append(
                scenario(.fail, findings: found, transcript: transcript, id: "case[kind=\(number)]")
            )
        }
        scenarios[0].split = .random(seed: 1, sizes: CutPlan.defaultRandomSizes)
        scenarios[3].serverOutput = ServerOutput(head: Self.hostile, omitted: 5, tail: [0x0A])
        scenarios[3].serverEnd = "signal 11"
        scenarios[3].capture = .init(
            path: "captures/case.pcapng", source: .synthesised(reason: "nothing was recorded"))
        scenarios[4].capture = .init(path: "captures/other.pcapng", source: .live(interface: "lo"))
        var report = report(scenarios)
        report.abandoned = .unreachable("cannot connect", output: Self.hostile)
        report.coverage.cuts = [
            .init(form: "text", planned: 9, proven: 8, offsets: [1...3, 5...9], unproven: [4...4]),
            .init(form: nil, planned: 1, proven: 0, offsets: [], unproven: [1...1]),
        ]
        return report
    }
}
