// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Puts scenario, steps and findings into the packets to which they belong.
///
/// Called after each entry's packets are there. A finding stands on the packet that completes its
/// message; one without a message on the last packet of its connection when its step ended.
struct CaptureComments {
    private let scenario: ScenarioReport
    private let steps: [StepID: String]
    private let texts: [String]
    private var pending: [Int]
    private var previousCount = 0

    init(_ scenario: ScenarioReport, _ requirements: Requirements) {
        self.scenario = scenario
        let plan = scenario.plan
        steps = Dictionary(
            plan.allSteps.map { ($0.id, $0.described(in: plan)) },
            uniquingKeysWith: { first, _ in first })
        texts = scenario.judgement.findings.map { finding in
            let explanation = Explanation(finding, of: scenario, requirements: requirements)
            return
                "finding: \(explanation.summary) [\(finding.requirement): \(explanation.sentence)]"
        }
        pending = Array(texts.indices)
    }

    /// What the whole file is.
    static func head(_ scenario: ScenarioReport) -> String {
        "scenario \(scenario.id): \(scenario.plan.title) (\(scenario.verdict.rawValue)); "
            + "synthesised from the runner's transcript: times and order are the runner's"
    }

    mutating func add(_ entry: TranscriptEntry, to synthesis: inout TCPSynthesis) {
        let first = previousCount
        previousCount = synthesis.packets.count
        if first == 0, previousCount > 0 {
            synthesis.comment(Self.head(scenario), onPacket: 0)
        }
        if previousCount > first, let text = text(of: entry.event) {
            synthesis.comment(text, onPacket: first)
        }
        addFindings(of: entry.event, to: &synthesis)
    }

    /// Findings whose place never came go to the end of their connection.
    mutating func finish(_ synthesis: inout TCPSynthesis) {
        place(&synthesis) { _ in true }
    }

    private mutating func addFindings(
        of event: TranscriptEvent, to synthesis: inout TCPSynthesis
    ) {
        switch event {
        case .message(let number): place(&synthesis) { $0.message == number }
        case .finished(let step, _): place(&synthesis) { $0.message == nil && $0.step == step }
        default: return
        }
    }

    private mutating func place(
        _ synthesis: inout TCPSynthesis, where isDue: (Finding) -> Bool
    ) {
        for index in pending where isDue(scenario.judgement.findings[index]) {
            let finding = scenario.judgement.findings[index]
            let link = finding.message.flatMap { scenario.message($0)?.link } ?? finding.link
            guard let packet = synthesis.lastDataPacket(of: link) else { continue }
            synthesis.comment(texts[index], onPacket: packet)
            pending.removeAll { $0 == index }
        }
    }

    private func text(of event: TranscriptEvent) -> String? {
        let plan = scenario.plan
        return switch event {
        case .connecting(let link): "\(plan.label(of: link)) connects"
        case .refused(let link, let reason): "\(plan.label(of: link)) is refused: \(reason)"
        case .sent(_, _, let step?): steps[step]
        case .sent(let link, _, nil):
            "\(plan.label(of: link)) asks what every server answers (a barrier)"
        case .closedWrite(let link): "\(plan.label(of: link)) closes its sending side"
        case .closed(let link): "\(plan.label(of: link)) closes"
        case .reset(let link): "\(plan.label(of: link)) resets"
        default: nil
        }
    }
}
