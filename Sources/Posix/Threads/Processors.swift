// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The machine's processors.
package enum Processors {
    /// How many are at work, at least 1; asked once, as the kernel is asked through a file.
    ///
    /// The corresponding C function is `sysconf` (`_SC_NPROCESSORS_ONLN`).
    package static let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}
