// SPDX-License-Identifier: Apache-2.0

import CShim

/// Whether orphans among our descendants become our children.
package enum Subreaper {
    /// Makes this process one, as the first `Child` does anyway; throws where the system refuses.
    ///
    /// The corresponding C function is `prctl` (`PR_SET_CHILD_SUBREAPER`).
    package static func become() throws(SystemCallError) {
        try checked("prctl") { cshim_become_subreaper() }
    }
}
