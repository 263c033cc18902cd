// SPDX-License-Identifier: Apache-2.0

import CShim

/// What the system keeps of this process's memory when it crashes.
package enum CoreDumps {
    /// Forbids it, where there are secrets in the memory; where that fails, fewer still were allowed.
    ///
    /// The corresponding C function is `setrlimit` (`RLIMIT_CORE`).
    package static func forbid() {
        _ = cshim_forbid_core_dumps()
    }
}
