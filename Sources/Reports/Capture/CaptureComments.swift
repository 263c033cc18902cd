// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Puts scenario, steps and findings into the packets to which they belong.
///
/// Goes through the transcript once. What is sent in several segments is named on the first of them:
/// a message that goes out byte by byte would else be repeated in each of its packets. A finding stands on the packet that completes its message; one
/// without a message on the last packet of its connection when its step ended.
struct CaptureComments {
    private let scenario: ScenarioReport
    private let steps: [StepID: String]
    private let texts: [String]
    /// Connections that the server opens.
    private let accepted: Set<LinkID>
    private var pending: [Int]
    /// The step whose segments were named last on each connection; `nil` for a barrier's.
    private var named: [LinkID: StepID?] = [:]
    private var hasBegun = false
    /// What the whole file is.
    let head: String

    /// `source` says where the packets come from.
    init(_ scenario: ScenarioReport, _ requirements: Requirements, source: String) {
        self.scenario = scenario
        head =
            "scenario \(scenario.id): \(scenario.plan.title) (\(scenario.verdict.rawValue)); "
            + source
        let plan = scenario.plan
        steps = Dictionary(
            plan.allSteps.map { ($0.id, $0.described(in: plan)) },
            uniquingKeysWith: { first, _ in first })
        accepted = Set(
            plan.allSteps.compactMap { step in
                if case .accept(let link, _) = step.action { link } else { nil }
            })
        texts = scenario.judgement.findings.map { finding in
            let explanation = Explanation(finding, of: scenario, requirements: requirements)
            return
                "finding: \(explanation.summary) [\(finding.requirement): \(explanation.sentence)]"
        }
        pending = Array(texts.indices)
    }

    mutating func add(_ entry: TranscriptEntry, to packets: inout some CommentedPackets) {
        let place = packets.advance(to: entry)
        // Another message of the same step, or another barrier, is named again.
        if case .said(let link, _, _, _) = entry.event { named[link] = nil }
        if !hasBegun, !packets.isEmpty {
            packets.comment(head, onPacket: 0)
            hasBegun = true
        }
        if let place, isNews(entry.event), let text = text(of: entry.event) {
            packets.comment(text, onPacket: place)
        }
        addFindings(of: entry.event, to: &packets)
    }

    /// Findings whose place never came go to the end of their connection.
    mutating func finish(_ packets: inout some CommentedPackets) {
        place(&packets) { _ in true }
    }

    /// Whether it says more than the segment before it on its connection.
    private mutating func isNews(_ event: TranscriptEvent) -> Bool {
        guard case .sent(let link, _, let step) = event else { return true }
        let isKnown = named[link] == .some(step)
        named[link] = .some(step)
        return !isKnown
    }

    private mutating func addFindings(
        of event: TranscriptEvent, to packets: inout some CommentedPackets
    ) {
        switch event {
        case .message(let number): place(&packets) { $0.message == number }
        case .finished(let step, _): place(&packets) { $0.message == nil && $0.step == step }
        default: return
        }
    }

    private mutating func place(
        _ packets: inout some CommentedPackets, where isDue: (Finding) -> Bool
    ) {
        for index in pending where isDue(scenario.judgement.findings[index]) {
            let finding = scenario.judgement.findings[index]
            let message = finding.message.flatMap { scenario.message($0) }
            let packet =
                message.map { packets.packet(completing: $0) }
                ?? packets.lastDataPacket(of: finding.link)
            guard let packet else { continue }
            packets.comment(texts[index], onPacket: packet)
            pending.removeAll { $0 == index }
        }
    }

    private func text(of event: TranscriptEvent) -> String? {
        let plan = scenario.plan
        return switch event {
        case .connecting(let link): "\(plan.label(of: link)) connects"
        case .connected(let link) where accepted.contains(link):
            "the server opens \(plan.label(of: link))"
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
