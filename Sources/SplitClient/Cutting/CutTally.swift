// SPDX-License-Identifier: Apache-2.0

/// How many cuts there were, and what is known of them.
struct CutTally: Equatable, Sendable {
    var segments = 0
    /// Cuts that the plan has made.
    var planned = 0
    /// Cuts before which the server was seen to have taken all that was sent.
    var proven = 0
    /// Cuts that only a pause stands for.
    var assumed = 0
    /// Segments that the receiver left unread, as a part of a message, until the next one came.
    var left = 0

    static func += (sum: inout CutTally, other: CutTally) {
        sum.segments += other.segments
        sum.planned += other.planned
        sum.proven += other.proven
        sum.assumed += other.assumed
        sum.left += other.left
    }
}
