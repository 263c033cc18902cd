// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Blocks until one descriptor is ready or the deadline has passed; says whether it is ready.
///
/// The corresponding C function is `ppoll`.
func waitForOne(
    _ descriptor: Int32,
    _ interest: Interest,
    until deadline: Int64
) throws(SystemCallError) -> Bool {
    var entry = pollfd(fd: descriptor, events: interest.rawValue, revents: 0)
    while true {
        let left = max(0, deadline - MonotonicClock.now)
        let result = cshim_poll(&entry, 1, left)
        if result > 0 { return true }
        if result < 0, errno != EINTR { throw SystemCallError(call: "ppoll") }
        if left == 0 { return false }
    }
}

/// A wake-up call for a polling thread, from any other thread.
///
/// The corresponding C function is `eventfd`.
package final class WakeUp: Sendable {
    /// Readable from a `wake` until the next `reset`.
    package let descriptor: Int32

    package init() throws(SystemCallError) {
        self.descriptor = try checked("eventfd") { cshim_eventfd() }
    }

    deinit { _ = close(descriptor) }

    /// Makes the descriptor readable; many calls are as one.
    package func wake() {
        var one: UInt64 = 1
        _ = retryingOnInterrupt { write(descriptor, &one, MemoryLayout<UInt64>.size) }
    }

    /// Takes the wake-up calls so far; to be done before looking for what they announced.
    package func reset() {
        var count: UInt64 = 0
        _ = retryingOnInterrupt { read(descriptor, &count, MemoryLayout<UInt64>.size) }
    }
}
