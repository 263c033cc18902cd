// SPDX-License-Identifier: Apache-2.0

import CShim

/// How punctual the kernel wakes a thread.
package enum TimerSlack {
    /// Has this thread, and those that it starts, woken within a microsecond of what they ask for:
    /// usual are 50, and a server takes less to read a segment.
    ///
    /// Processes that are started have the usual slack. The corresponding C function is `prctl`,
    /// whose failure costs nothing but time.
    package static func shorten() { _ = cshim_set_timer_slack(1_000) }
}
