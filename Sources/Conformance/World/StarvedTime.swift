// SPDX-License-Identifier: Apache-2.0

import Posix

/// The time in which a server that we started was ready to run and got no processor.
///
/// Such time is not the server's fault: the scenario's clock stands still for it.
///
/// Rules:
/// - Nothing is looked at while a scenario goes on briskly: only when nothing was told for a
///   moment, and when a deadline has come.
/// - The clock never runs backwards: a look gives at most the time since the one before, or since
///   something was told.
/// - A server that wants to run and has not run at all since the look before is given all the time
///   since then, and looked at again.
/// - A scenario is given so much in all, so that no machine makes a run endless.
struct StarvedTime {
    /// What the scenario's clock stood still for so far, in nanoseconds.
    private(set) var total: Int64 = 0

    private var last: ProcessorWait?
    /// When something was told or looked at last, by a clock that never stands still.
    private var since: Int64

    /// No scenario is given more than this.
    private static let most: Int64 = 120_000_000_000
    /// With nothing told for so long, the server is looked at.
    static let moment: Int64 = 20_000_000

    init(at time: Int64) { since = time }

    /// Whether nothing has been looked at yet, so that the next look has nothing to compare with.
    var needsFirstLook: Bool { last == nil }

    /// Whether the first look is due: with nothing told for so long, a scenario is not brisk.
    func wantsFirstLook(at time: Int64) -> Bool {
        needsFirstLook && time - since >= Self.pauseBeforeFirstLook
    }

    static let pauseBeforeFirstLook: Int64 = 2_000_000

    /// To be called before anything is told, with a look at the server's processes.
    mutating func pass(to time: Int64, _ look: () -> ProcessorWait) {
        if time - since > Self.moment { add(look(), at: time) }
        since = time
    }

    /// Adds what the server had to wait since the last look.
    mutating func add(_ look: ProcessorWait, at time: Int64) {
        defer { (last, since) = (look, time) }
        guard let last, total < Self.most else { return }
        let waited = max(look.waited - last.waited, 0)
        // What it waits for right now is counted only when it has come to run.
        let isWaiting = look.isRunnable && look.ran == last.ran
        // Several threads may have waited at once.
        total += isWaiting ? time - since : min(waited, time - since)
    }
}
