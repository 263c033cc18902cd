// SPDX-License-Identifier: Apache-2.0

import Specs

/// Ends of connections: the one that a step expects, and those that nobody asked for.
extension Judge {
    mutating func judgeClose(
        _ link: LinkID, _ kind: CloseKind, _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        expectedEnds.insert(link)
        if let number = seen.took.first {
            note(.unexpected, step: step, message: number)
        } else if let end = ends[link] {
            if !kind.accepts(end) { note(.wrongEnd(end, wanted: kind), step: step, link: link) }
        } else {
            note(.notEnded(waited: waited), step: step, link: link)
        }
    }

    /// No connection has ended that nobody asked the server to end.
    mutating func judgeEnds(_ step: PlanStep, of links: [LinkID]) {
        for link in links where !expectedEnds.contains(link) {
            guard let end = ends[link], !plan.mayEnd(link, end, hasEnded: isOver) else { continue }
            note(.endedUnasked(end), step: step, link: link)
        }
    }

    private func isOver(_ link: LinkID) -> Bool { left.contains(link) || ends[link] != nil }
}
