// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Whether standard output has lost something: a run whose words nobody can read is no success.
///
/// An output that was closed, or whose reader has gone (`| head`), is what the user wants.
package final class LostOutput: Sendable {
    private let state = Mutex(false)

    package init() {}

    package var isTrue: Bool { state.withLock { $0 } }

    /// Notes a loss; whether it is the first.
    package func note() -> Bool {
        state.withLock { isLost in
            defer { isLost = true }
            return !isLost
        }
    }
}
