// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// What a run says of its waits for what takes the server a time of its own.
struct WaitNotes {
    private struct Sum {
        var count = 0
        var longest: Int64 = 0
        var patience: Patience
    }

    private var sums: [String: Sum] = [:]

    mutating func add(_ report: ScenarioReport) {
        for wait in report.waits {
            var sum = sums[wait.patience.feature] ?? Sum(patience: wait.patience)
            sum.count += 1
            sum.longest = max(sum.longest, wait.waited)
            sums[wait.patience.feature] = sum
        }
    }

    var notes: Set<String> {
        Set(sums.map { feature, sum in Self.note(feature, sum) })
    }

    private static func note(_ feature: String, _ sum: Sum) -> String {
        let steps = sum.count == 1 ? "1 step waited" : "\(sum.count) steps waited"
        let time = FindingKind.time(sum.patience.nanoseconds)
        let reason =
            sum.patience.isAssumed
            ? "which is taken to be \(time), the longest that is allowed; "
                + "--feature \(feature)=TIME says what it is"
            : "which is said to be \(time)"
        return "\(steps) for the server's \(feature), \(reason); "
            + "the longest wait was \(FindingKind.time(sum.longest))"
    }
}
