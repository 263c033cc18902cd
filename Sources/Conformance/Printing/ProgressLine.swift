// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix

/// The line on standard error that says how far a run is, where a person looks at it.
struct ProgressLine {
    private let console: Console
    private let total: Int
    private var failures = 0
    private var lastShown = Int64.min

    /// A terminal is not written to more often than the eye can follow.
    private static let interval: Int64 = 40_000_000

    init(_ console: Console, total: Int) {
        self.console = console
        self.total = total
    }

    mutating func show(_ report: ScenarioReport, number: Int) {
        guard console.showsProgress else { return }
        if report.verdict.isFailure { failures += 1 }
        let now = MonotonicClock.now
        guard number == total || now >= lastShown &+ Self.interval || lastShown == .min else {
            return
        }
        lastShown = now
        let failed = failures == 0 ? "" : ", \(failures) failed"
        let id = String(ByteEscaping.escape(report.id.utf8).prefix(48))
        console.complain("\r[\(number)/\(total)\(failed)] \(id)\u{1B}[K")
    }

    func clear() {
        if console.showsProgress, lastShown != .min { console.complain("\r\u{1B}[K") }
    }
}
