// SPDX-License-Identifier: Apache-2.0

/// How a receiver treats a message of which only a part has come; shared by all that write to it.
///
/// Who reads whole messages only (with `SO_RCVLOWAT`, or looking with `MSG_PEEK`) leaves parts in
/// its receive queue, where they are not seen to be taken however long one looks.
///
/// Rules:
/// - Who has read parts before is slow rather, and is waited for longer.
/// - Who has left several in a row is not waited for any more, until it reads a part.
final class PartReading {
    private var hasTaken = false
    private var leftInARow = 0

    /// So many in a row are a habit.
    private static let habit = 3

    /// How long the next part has to lie there with nothing changing, in nanoseconds.
    var patience: Int64 {
        if leftInARow >= Self.habit { return 1_000_000 }
        return hasTaken ? 2_000_000_000 : 500_000_000
    }

    func noteTaken() {
        hasTaken = true
        leftInARow = 0
    }

    func noteLeft() { leftInARow = min(leftInARow + 1, Self.habit) }
}
