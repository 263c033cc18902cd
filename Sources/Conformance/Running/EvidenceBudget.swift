// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// How much of what a server sent and printed the reports of one run keep.
///
/// A server that floods every scenario must not fill memory and disk with copies of its flood;
/// one that sends what a chat server sends never comes near the bounds.
struct EvidenceBudget {
    /// Of one scenario: more than any honest server sends in one that has no flood for its subject.
    private static let most = 1 << 18
    /// Of one scenario when all is spent, since by then the others have shown it.
    private static let least = 1 << 13

    private var left = 1 << 21

    /// What the next scenario may keep, in bytes.
    var share: Int { max(Self.least, min(Self.most, left)) }

    mutating func spend(on report: ScenarioReport) {
        let output = report.serverOutput.map { $0.head.count + $0.tail.count } ?? 0
        left = max(0, left - output - (report.transcript?.receivedBytes ?? 0))
    }
}

extension Transcript {
    var receivedBytes: Int {
        entries.reduce(0) { sum, entry in
            if case .received(_, let chunk) = entry.event { sum + chunk.count } else { sum }
        }
    }
}

extension ServerOutput {
    /// The same with no more than so many bytes, half of them from each end.
    func bounded(to bytes: Int) -> ServerOutput {
        let half = max(1, bytes / 2)
        let all = head.count + omitted + tail.count
        let first = Array(head.prefix(half))
        // Without an omission the output may stand in the head alone.
        let last = Array((tail.isEmpty ? head.dropFirst(first.count) : tail[...]).suffix(half))
        return ServerOutput(head: first, omitted: all - first.count - last.count, tail: last)
    }
}
