// SPDX-License-Identifier: Apache-2.0

/// Bounds on what one value may make the reader hold.
package struct JSONLimits: Equatable, Sendable {
    /// Arrays and objects inside each other.
    ///
    /// 512 is what common parsers allow. Never more than 2,048: a tree is released and compared
    /// level by level on the stack.
    package var maximumDepth: Int
    /// Bytes of one value, white space inside it included: 1 MiB.
    package var maximumBytes: Int

    package init(maximumDepth: Int = 512, maximumBytes: Int = 1 << 20) {
        self.maximumDepth = min(max(maximumDepth, 0), 2_048)
        self.maximumBytes = maximumBytes
    }
}
