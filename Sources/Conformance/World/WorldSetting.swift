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
    /// More scenarios run side by side than there are processors.
    ///
    /// Then a look at what a server has taken is in vain until it has had a processor, so it comes
    /// after a short sleep. (To yield the processor instead is punished where others want it, too.)
    var isCrowded = false
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
    /// `concurrency.many` of `padded` takes 360,000 of them for its frames.
    var reads = 500_000
    /// A flood of small messages costs more by their number, too.
    var messages = 100_000
}
