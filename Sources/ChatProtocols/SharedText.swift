// SPDX-License-Identifier: Apache-2.0

/// A long text that many are sent, and that nobody copies: it stands in pieces.
///
/// So a text that differs from an earlier one in a few places has all other pieces in common with it.
package struct SharedText: Equatable, Sendable {
    /// One behind the other; none is empty.
    package let pieces: [[UInt8]]
    /// Bytes of all of it.
    package let count: Int

    package init(_ pieces: [[UInt8]]) {
        self.pieces = pieces.filter { !$0.isEmpty }
        count = pieces.reduce(0) { $0 + $1.count }
    }

    /// All of it, copied.
    package var bytes: [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(count)
        for piece in pieces { all += piece }
        return all
    }
}
