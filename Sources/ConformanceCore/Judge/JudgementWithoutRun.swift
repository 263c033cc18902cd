// SPDX-License-Identifier: Apache-2.0

import Specs

extension Judgement {
    /// Of a scenario whose needs the server under test does not meet.
    package static let skipped = Judgement(verdict: .skipped)

    /// Of a plan that was never begun, because no server could be launched for it.
    package static func unlaunched(_ plan: Plan, because reason: String) -> Judgement {
        notBegun(plan, .inconclusive, .refused(reason))
    }

    /// Of a plan that failed by a fault of ours.
    package static func broken(_ plan: Plan, by fault: String) -> Judgement {
        notBegun(plan, .error, .inconsistent(fault))
    }

    private static func notBegun(
        _ plan: Plan, _ verdict: Verdict, _ kind: FindingKind
    ) -> Judgement {
        let finding = Finding(
            requirement: plan.primaryRequirement, level: plan.level, isPreamble: true, kind: kind)
        return Judgement(verdict: verdict, findings: [finding])
    }
}
