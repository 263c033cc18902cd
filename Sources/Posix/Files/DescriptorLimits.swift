// SPDX-License-Identifier: Apache-2.0

import CShim

/// How many descriptors this process may have open.
package struct DescriptorLimits: Hashable, Sendable {
    /// What is enforced.
    package let soft: UInt64
    /// How far the soft limit may be raised.
    package let hard: UInt64

    package init(soft: UInt64, hard: UInt64) {
        self.soft = soft
        self.hard = hard
    }

    /// The limits in force (`getrlimit(RLIMIT_NOFILE)`).
    package static func current() throws(SystemCallError) -> DescriptorLimits {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        try checked("getrlimit") { cshim_get_descriptor_limits(&soft, &hard) }
        return DescriptorLimits(soft: soft, hard: hard)
    }

    /// Puts these limits in force (`setrlimit(RLIMIT_NOFILE)`).
    package func apply() throws(SystemCallError) {
        try checked("setrlimit") { cshim_set_descriptor_limits(soft, hard) }
    }

    /// Raises the soft limit to the hard one and returns the limits from before.
    ///
    /// A program that starts others hands them the old soft limit: `select` in a child breaks
    /// with descriptors above 1023.
    package static func raise() throws(SystemCallError) -> DescriptorLimits {
        let before = try current()
        try DescriptorLimits(soft: before.hard, hard: before.hard).apply()
        return before
    }
}
