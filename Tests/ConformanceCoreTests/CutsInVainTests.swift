// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import TestSupport
import Testing

/// Servers that end a connection at the first part of a message.
@Suite("Cuts whose rest is not sent")
struct CutsInVainTests {
    private struct HangsUp: TimedServer {
        private var end: (at: Int64, link: LinkID)?
        private var hasEnded = false

        var next: Int64? { end?.at }

        mutating func take(_ bytes: [UInt8], on link: LinkID, at time: Int64) {
            guard !hasEnded else { return }
            (end, hasEnded) = ((time + 1_000_000, link), true)
        }

        mutating func answer(at time: Int64) -> WorldEvent? {
            guard let end, end.at <= time else { return nil }
            self.end = nil
            return .ended(end.link, .reset)
        }
    }

    @Test("the cut that a connection ends at is made, and not proven")
    func ends() throws {
        let (plan, _) = try SlowRun.plan(
            """
            { "peer": "a", "connect": true },
            { "peer": "a", "send": "LOGIN ${a}", "split": "at:3" }, { "peer": "a", "expect": "IN" }
            """)
        var server = HangsUp()
        var timing = Timing()
        // The rest would go long after the server has gone.
        timing.pace = 100_000_000
        let run = TimedRun(plan, on: &server, timing: timing)
        let cuts = run.interpreter.transcript.entries.compactMap { entry -> Bool? in
            if case .cut(_, "login", 3, let proven) = entry.event { proven } else { nil }
        }
        #expect(cuts == [false])
    }
}
