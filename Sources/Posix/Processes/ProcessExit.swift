// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The end of our own process.
package enum ProcessExit {
    /// Ends the process with a status, of which the shell sees the lowest eight bits (`exit`).
    package static func exit(_ status: Int32) -> Never {
        Glibc.exit(status)
    }
}
