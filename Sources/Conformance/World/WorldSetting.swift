// SPDX-License-Identifier: Apache-2.0

import Posix

/// What the scenarios of a run share.
struct WorldSetting {
    var loop: PollLoop
    var watch: TakenWatch
    var interruption: Interruption
    var pace: RunPace
    var limits = WorldLimits()
    var ports = PortClaims()
    /// How many looks at what a server has taken follow each other at once, before the first pause.
    var looksAtOnce = Self.looksAtOnce(jobs: 1)

    /// How many are best.
    ///
    /// Where the server has a processor beside us, it takes a segment within some looks, which is
    /// less than a sleep. Where more scenarios run side by side than there are processors, a look
    /// is in vain until the server has had one, so it comes after a short sleep. To yield the
    /// processor instead is punished where others want it, too.
    static func looksAtOnce(jobs: Int, processors: Int = Processors.count) -> Int {
        if jobs > processors { return 0 }
        return jobs < processors ? 24 : 3
    }
}

/// Bounds on what one scenario may make the runner hold.
struct WorldLimits {
    /// Bytes received on one connection: more than the kernel's buffers hold, which is the most
    /// that any scenario brings about, and little memory.
    var received = 8 << 20
    /// Bytes received on all connections together: twenty who are told a history of 4 MiB each.
    var receivedByAll = 96 << 20
    /// Reads, each of which has an entry in the transcript: more than any scenario brings about.
    ///
    /// Where something on the way cuts all that comes into single bytes, the crowd of
    /// `concurrency.many` of `padded` takes 360,000 of them for its frames, and who does not read
    /// in `json` is owed as much as all buffers on the way hold.
    var reads = 1_000_000
    /// A flood of small messages costs more by their number, too.
    var messages = 100_000
}
