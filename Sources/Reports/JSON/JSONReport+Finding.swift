// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import JSONText
import Specs

extension JSONReport {
    func write(
        _ finding: Finding, of scenario: ScenarioReport, to object: inout JSONObjectWriter
    ) {
        let explanation = Explanation(finding, of: scenario, requirements: requirements)
        object.member("requirement", finding.requirement)
        object.member("level", finding.level.rawValue)
        object.member("sentence", explanation.sentence)
        object.member("kind", finding.kind.word)
        object.member("summary", explanation.summary)
        object.member("preamble", finding.isPreamble)
        if let step = finding.step {
            object.object("step") { object in
                object.member("id", step.number)
                object.optional("text", explanation.step)
            }
        }
        if let position = explanation.position { object.position(position) }
        object.optional("connection", explanation.connection)
        object.member("accepted", explanation.accepted)
        object.optional("message", finding.message)
        write(ByteEvidence(finding, explanation, of: scenario), to: &object)
        finding.kind.writeDetails(to: &object)
    }

    private func write(_ evidence: ByteEvidence?, to object: inout JSONObjectWriter) {
        guard let evidence else { return }
        object.bytes("actual", evidence.actual)
        if let nearest = evidence.nearest { object.bytes("nearest", nearest) }
        object.optional("firstDifference", evidence.difference)
        object.optional("hexDump", evidence.hexDump)
    }
}

extension FindingKind {
    /// What the kind knows beyond its word, for machines.
    fileprivate func writeDetails(to object: inout JSONObjectWriter) {
        switch self {
        case .silence(_, let waited), .missing(_, let waited), .notEnded(let waited),
            .unanswered(let waited), .notTaken(let waited), .notConnected(let waited),
            .notExited(let waited), .notAccepted(let waited):
            object.milliseconds("waitedMs", waited)
        case .neverHeld(let attempts, _, let waited):
            object.milliseconds("waitedMs", waited)
            object.member("attempts", attempts)
        case .endedInstead(let end, _), .wrongEnd(let end, _), .endedUnasked(let end):
            object.member("end", end.rawValue)
        case .framing(let deviation): object.member("deviation", deviation.rawValue)
        case .flooded(let bytes): object.member("receivedBytes", bytes)
        case .mismatch(let mismatch): object.optional("path", mismatch.path)
        case .connectedUnasked(let port): object.member("port", port)
        case .textInFile(_, let file): object.member("file", file)
        case .strayed(let asked): object.member("asked", asked)
        case .unexpected, .refused, .notRefused, .tolerated, .serverEnded, .notRestarted,
            .noFiles, .interrupted, .inconsistent:
            break
        }
    }
}
