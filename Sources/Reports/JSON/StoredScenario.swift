// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import ConformanceCore
package import JSONText

/// One case of a stored report.
package struct StoredScenario: Sendable {
    /// The case with the cut that was laid over it.
    package let id: String
    package let scenarioID: String
    package let split: CutPlan?
    /// The one message form that was cut.
    package let splitForm: String?
    package let splitReach: SplitReach
    package let verdict: Verdict
    /// The seed that it was planned with, where that is not the report's.
    package var seed: UInt64?
    /// Nanoseconds.
    package let duration: Int64
    package let serverEnd: String?
    package let capture: ScenarioCapture?
    package let reproduce: String
    /// What happened, for `TranscriptReader`.
    package let transcript: JSONNode?

    /// `Plan.conduct` of its run; `nil` in reports of older versions.
    package var conduct: String? { transcript?["conduct"]?.value.text }

    /// The case without its cut.
    package var caseID: String {
        guard let split else { return id }
        let suffix = "{\(split)}"
        guard id.utf8.count > suffix.utf8.count, id.hasSuffix(suffix) else { return id }
        return String(id.dropLast(suffix.count))
    }

    /// The same case, to be planned with the run's seed.
    package var withoutSeed: StoredScenario {
        var scenario = self
        scenario.seed = nil
        return scenario
    }

    init(reading object: StoredObject) throws(StoredReportError) {
        id = try object.text("id")
        scenarioID = try object.text("scenario")
        let word = try object.text("verdict")
        guard let verdict = Verdict(rawValue: word) else {
            throw object.problem("there is no verdict called '\(word)'")
        }
        self.verdict = verdict
        if let text = object.optionalText("split") {
            do {
                split = try CutPlan(parsing: text)
            } catch {
                throw object.problem("split: \(error)")
            }
        } else {
            split = nil
        }
        splitForm = object.optionalText("splitForm")
        splitReach = try object.splitReach()
        seed = object.has("seed") ? try object.seed("seed") : nil
        duration = try object.nanoseconds("durationMs")
        serverEnd = object.optionalText("serverEnd")
        capture = object.optionalText("capture").map { path in
            ScenarioCapture(path: path, source: Self.captureSource(object.node["captureSource"]))
        }
        reproduce = try object.text("reproduce")
        transcript = object.node["transcript"]
    }

    private static func captureSource(_ node: JSONNode?) -> ScenarioCapture.Source? {
        if let interface = node?["interface"]?.value.text {
            return .live(interface: interface)
        }
        return (node?["reason"]?.value.text).map { .synthesised(reason: $0) }
    }
}
