// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore

/// Where interpreter and judge differ about a step; empty where they agree, as they must.
package func disagreements(_ plan: Plan, _ transcript: Transcript, _ judgement: Judgement)
    -> [String]
{
    transcript.entries.compactMap { entry in
        guard case .finished(let id, let outcome) = entry.event else { return nil }
        let hasHeld = outcome == .held
        let hasFinding = judgement.failedSteps.contains(id)
        guard hasHeld == hasFinding else { return nil }
        let step = plan.allSteps.first { $0.id == id }.map { $0.described(in: plan) } ?? "?"
        return "\(plan.caseID), \(step): the interpreter says \(outcome), the judge finds "
            + (hasFinding ? "\(judgement.findings)" : "nothing")
    }
}
