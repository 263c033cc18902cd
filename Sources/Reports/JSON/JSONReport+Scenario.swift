// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import JSONText
import Specs

extension JSONReport {
    func write(_ scenario: ScenarioReport, to object: inout JSONObjectWriter) {
        let plan = scenario.plan
        object.member("id", scenario.id)
        object.member("scenario", plan.scenarioID)
        object.member("topic", plan.topic)
        object.member("title", plan.title)
        object.member("requirements", plan.requirements)
        object.member("level", plan.level.rawValue)
        object.position(plan.position)
        object.member("verdict", scenario.verdict.rawValue)
        object.optional("split", scenario.split?.description)
        object.optional("splitForm", plan.splitForm)
        object.optional("splitReach", plan.splitReach.reported)
        object.optional("seed", scenario.seed.map { String($0) })
        object.optional("skipped", scenario.skipped?.description)
        object.milliseconds("durationMs", scenario.duration)
        writeJudgement(of: scenario, to: &object)
        if let output = scenario.serverOutput {
            object.object("serverOutput") { write(output, to: &$0) }
        }
        object.optional("serverEnd", scenario.serverEnd)
        if let capture = scenario.capture { write(capture, to: &object) }
        object.optional("note", scenario.note)
        object.member("reproduce", scenario.reproduce)
        if let transcript = scenario.transcript, transcripts.holds(scenario.verdict) {
            object.object("transcript") { write(transcript, of: plan, to: &$0) }
        }
    }

    private func write(_ capture: ScenarioCapture, to object: inout JSONObjectWriter) {
        object.member("capture", capture.path)
        guard let source = capture.source else { return }
        object.object("captureSource") { object in
            switch source {
            case .live(let interface):
                object.member("kind", "live")
                object.member("interface", interface)
            case .synthesised(let reason):
                object.member("kind", "synthesised")
                object.member("reason", reason)
            }
        }
    }

    private func writeJudgement(of scenario: ScenarioReport, to object: inout JSONObjectWriter) {
        write(scenario.judgement.findings, "findings", of: scenario, to: &object)
        if scenario.omittedFindings > 0 {
            object.member("omittedFindings", scenario.omittedFindings)
        }
        object.array("observations") { list in
            for choice in scenario.judgement.observed {
                list.object { write(choice, of: scenario, to: &$0) }
            }
        }
        write(scenario.judgement.tolerated, "tolerated", of: scenario, to: &object)
        let proofs = scenario.proofs
        object.object("proofs") { object in
            for kind in AbsenceProof.allKinds {
                object.member(kind.rawValue, proofs.count { $0 == kind })
            }
        }
        write(scenario.waits, to: &object)
    }

    /// Only where something took the server a time of its own.
    private func write(_ waits: [LongWait], to object: inout JSONObjectWriter) {
        guard !waits.isEmpty else { return }
        object.array("waits") { list in
            for wait in waits {
                list.object { object in
                    object.member("step", wait.step.number)
                    object.member("feature", wait.patience.feature)
                    object.milliseconds("featureMs", wait.patience.nanoseconds)
                    object.member("assumed", wait.patience.isAssumed)
                    object.milliseconds("waitedMs", wait.waited)
                }
            }
        }
    }

    private func write(
        _ findings: [Finding], _ key: String, of scenario: ScenarioReport,
        to object: inout JSONObjectWriter
    ) {
        object.array(key) { list in
            for finding in findings {
                list.object { write(finding, of: scenario, to: &$0) }
            }
        }
    }

    private func write(
        _ choice: SeenChoice, of scenario: ScenarioReport, to object: inout JSONObjectWriter
    ) {
        object.member("requirement", choice.requirement)
        object.optional("sentence", requirements[choice.requirement]?.sentence)
        object.member("step", choice.step.number)
        object.optional("label", choice.label)
        object.array("messages") { list in
            for number in choice.messages {
                guard let message = scenario.message(number) else { continue }
                list.object { object in
                    object.member("message", number)
                    object.bytes("payload", message.message.payload)
                }
            }
        }
        object.optional("end", choice.end?.rawValue)
    }

    private func write(_ output: ServerOutput, to object: inout JSONObjectWriter) {
        object.bytes("head", output.head)
        object.member("omitted", output.omitted)
        object.bytes("tail", output.tail)
    }
}

extension AbsenceProof {
    fileprivate static let allKinds: [AbsenceProof] = [.barrier, .drained, .quiet]
}
