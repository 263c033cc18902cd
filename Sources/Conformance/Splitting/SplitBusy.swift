// SPDX-License-Identifier: Apache-2.0

import Posix

/// For how long servers were busy with cases, uncut and cut: nanoseconds, those of all jobs added.
struct SplitBusy {
    private(set) var uncut: Int64 = 0
    private(set) var cut: Int64 = 0

    mutating func add(_ run: CaseRun) {
        guard let turn = run.planned.turn, run.hasBegun else { return }
        let end = if case .ran(let scenario) = run.outcome { scenario.ended } else { WallClock.now }
        // The clock of the wall may be set back.
        let time = max(0, end.sinceEpoch - turn)
        if run.planned.split == nil { uncut += time } else { cut += time }
    }
}
