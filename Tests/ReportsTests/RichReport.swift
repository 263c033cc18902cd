// SPDX-License-Identifier: Apache-2.0

import Bytes
import TestSupport
import Testing

@testable import ConformanceCore
@testable import Specs

/// A report made by hand: plans of a small suite, transcripts and judgements as a test wants them.
struct RichReport {
    let requirements: Requirements
    let plan: Plan
    private let coverageOfAll: Coverage

    init() throws {
        let small = SmallSuite(
            """
            "requirements": ["must", "frames", "should", "open"], "steps": [
              { "peer": "alice", "do": "sit", "with": { "in": "red" } },
              { "peer": "bob", "do": "sit", "with": { "in": "red" } },
              { "peer": "alice", "send": "hi" },
              { "peer": "bob", "expect": "[alice] hi" }]
            """)
        #expect(small.problems == [])
        requirements = try #require(small.suite).requirements
        var plan = try #require(small.plans.first)
        plan.listeners = [PlannedListener(peer: "bob", name: "b")]
        for index in plan.steps.indices where plan.steps[index].id == StepID(1) {
            plan.steps[index].patience = Patience(
                feature: "receiptTimeout", nanoseconds: 10_000_000_000, isAssumed: true)
        }
        self.plan = plan
        coverageOfAll = CoverageCounter(suite: try #require(small.suite)).coverage
    }

    /// bytes that no terminal and no reader of markup may see as they are.
    static let hostile: [UInt8] =
        Array("\u{1B}[2J<script>\u{202E}]]>\u{0}\r\n".utf8) + [0xFF, 0xFE, 0x80]

    static let bob = LinkID(1)
    static let alice = LinkID(0)

    /// The step that expects; the last of the scenario's own.
    var expectation: StepID {
        plan.allSteps.last { if case .expect = $0.action { true } else { false } }?.id ?? StepID(0)
    }

    func frame(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return bytes + Array(repeating: 0x20, count: max(0, 200 - bytes.count))
    }

    /// alice speaks, and bob receives `payloads`; each message of the server comes as one segment.
    func transcript(bobReceives payloads: [[UInt8]]) -> Transcript {
        var transcript = Transcript()
        var time: Int64 = 0
        func add(_ event: TranscriptEvent) {
            time += 250_000
            transcript.entries.append(TranscriptEntry(time: time, event: event))
        }
        for link in [Self.alice, Self.bob] {
            add(.connecting(link))
            add(.connected(link))
            add(.sent(link, frame(plan.links[link.index].label), step: StepID(1)))
            add(.taken(link, .proven))
            add(.said(link, form: "name", state: "unnamed", payload: plan.links[link.index].name))
        }
        add(.sent(Self.alice, frame("hi"), step: StepID(4)))
        add(.said(Self.alice, form: "text", state: "named", payload: Array("hi".utf8)))
        add(.cut(Self.alice, form: "text", offset: 1, proven: true))
        add(.began(expectation))
        for payload in payloads {
            let number = transcript.messages.count
            let bytes = payload + Array(repeating: 0x20, count: max(0, 200 - payload.count))
            transcript.messages.append(
                ReceivedMessage(
                    link: Self.bob,
                    message: FramedMessage(
                        payload: payload, bytes: bytes, streamOffset: 200 * number),
                    form: "said", state: "named"))
            add(.received(Self.bob, bytes))
            add(.message(number))
            add(.took(expectation, message: number))
        }
        add(.finished(expectation, .departed))
        return transcript
    }

    func finding(
        _ kind: FindingKind, message: Int? = nil, link: LinkID? = bob, isPreamble: Bool = false
    ) -> Finding {
        Finding(
            requirement: "must", level: .must, step: expectation, link: link,
            isPreamble: isPreamble, kind: kind, message: message)
    }

    func scenario(
        _ verdict: Verdict, findings: [Finding] = [], transcript: Transcript? = nil,
        id: String? = nil, observed: [SeenChoice] = [], tolerated: [Finding] = []
    ) -> ScenarioReport {
        var judgement = Judgement(verdict: verdict)
        judgement.findings = findings
        judgement.observed = observed
        judgement.tolerated = tolerated
        var plan = plan
        plan.caseID = id ?? plan.caseID
        plan.scenarioID = String(plan.caseID.prefix { $0 != "[" })
        return ScenarioReport(
            plan: plan, judgement: judgement, duration: 12_345_678,
            reproduce: "conformance run padded --only \(plan.caseID) --seed 7",
            skipped: verdict == .skipped ? .lacksFeature(.rooms) : nil, transcript: transcript)
    }

    /// What a kind of finding says of bob's connection.
    static func sentence(_ kind: FindingKind) -> String { kind.sentence(on: "bob") }

    func report(_ scenarios: [ScenarioReport]) -> Report {
        Report(
            tool: .init(name: "chatspec", version: "0.1.0"), protocolName: "padded",
            suiteHash: "0123456789abcdef", seed: .max, started: "2025-01-02T03:04:05Z",
            duration: 3_200_000_000, server: .launched(command: "server --port 0", isReused: true),
            environment: ["system": "Linux", "cores": "2"],
            options: RunOptions(
                isStrict: false, timeout: 2_000_000_000, timeoutScale: 1, split: "every:3",
                pace: "drained", only: ["case"], features: ["rooms": "", "capacity": "16"]),
            notes: ["cuts are proven by socket diagnosis"], abandoned: nil, scenarios: scenarios,
            coverage: coverageOfAll)
    }
}
