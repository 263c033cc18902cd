// SPDX-License-Identifier: Apache-2.0

import Posix

/// The time in which a server that we started was ready to run and got no processor.
///
/// Such time is not the server's fault: the scenario's clock stands still for it.
///
/// Rules:
/// - Nothing is looked at while a scenario goes on briskly: only when nothing was told for a
///   moment, when a deadline has come, and now and then where something trickles for long.
/// - The clock never runs backwards: a look gives at most the time since the one before, or since
///   something was told. What was waited for in front of that is owed, and given as time passes.
/// - A server that wants to run just now is given all the time since the look before in which it
///   did not run, and is looked at again: how long it has wanted to is not to be seen.
/// - A silence is given so much in all, so that no machine makes a run endless; what comes has an
///   end of its own (`WorldLimits`).
struct StarvedTime {
    /// What the scenario's clock stood still for so far, in nanoseconds.
    private(set) var total: Int64 = 0

    private var last: ProcessorWait?
    /// When that was, by a clock that never stands still.
    private var lookedAt: Int64
    /// When something was told or looked at last, by the same clock.
    private var since: Int64
    /// What was waited for and is not given yet, no more than comes between two looks.
    private var owed: Int64 = 0

    /// What was given since something came.
    private var givenToSilence: Int64 = 0

    /// No silence is given more than this.
    private static let most: Int64 = 120_000_000_000
    /// With nothing told for so long, the server is looked at.
    static let moment: Int64 = 20_000_000
    /// So long after a look the next one comes, though things are told all the time: a message that
    /// comes byte by byte is as slow as those who bring it get to run.
    static let trickle: Int64 = 250_000_000

    init(at time: Int64) {
        lookedAt = time
        since = time
    }

    /// Whether nothing has been looked at yet, so that the next look has nothing to compare with.
    var needsFirstLook: Bool { last == nil }

    /// Whether the first look is due: with nothing told for so long, a scenario is not brisk.
    func wantsFirstLook(at time: Int64) -> Bool {
        needsFirstLook && time - since >= Self.pauseBeforeFirstLook
    }

    static let pauseBeforeFirstLook: Int64 = 2_000_000

    /// To be called before anything is told, with a look at the server's processes.
    mutating func pass(to time: Int64, _ look: () -> ProcessorWait?) {
        if isDue(at: time), let look = look() { add(look, at: time) } else { give(0, until: time) }
        since = time
    }

    private func isDue(at time: Int64) -> Bool {
        time - since > Self.moment || time - lookedAt > Self.trickle
    }

    /// Adds what the server had to wait since the last look.
    mutating func add(_ look: ProcessorWait, at time: Int64) {
        defer { (last, lookedAt, since) = (look, time, time) }
        guard let last else { return }
        // Several threads may have waited at once.
        owed += min(max(look.waited - last.waited, 0), time - lookedAt)
        // What it waits for right now is counted only when it has come to run.
        let mayHaveWaited = look.isRunnable ? max(time - since - (look.ran - last.ran), 0) : 0
        give(mayHaveWaited, until: time)
    }

    /// To be called when something has come from a server.
    mutating func noteNews() { givenToSilence = 0 }

    /// Gives what is owed, or more, as far as the clock does not run backwards.
    private mutating func give(_ more: Int64, until time: Int64) {
        let given = min(max(owed, more), time - since, Self.most - givenToSilence)
        owed = min(max(owed - given, 0), Self.trickle)
        givenToSilence += given
        total += given
    }
}
