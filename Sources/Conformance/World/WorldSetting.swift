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
}

/// Bounds on what one scenario may make the runner hold.
struct WorldLimits {
    /// Bytes received on one connection: more than the kernel's buffers hold, which is the most
    /// that any scenario brings about, and little memory.
    var received = 8 << 20
    /// Bytes received on all connections together: twenty who are told a history of 4 MiB each.
    var receivedByAll = 96 << 20
    /// Reads and messages together: a flood of small ones costs more by their number.
    var pieces = 100_000
}
