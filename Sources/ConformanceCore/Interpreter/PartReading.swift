// SPDX-License-Identifier: Apache-2.0

/// What was seen of how a server reads a message of which only a part has come.
///
/// Who reads whole messages only (with `SO_RCVLOWAT`, or looking with `MSG_PEEK`) leaves parts in
/// its receive queue, where they are not seen to be taken however long one looks.
package struct PartReading: Equatable, Sendable {
    /// A part was left unread for as long as was waited.
    package private(set) var hasLeft = false
    /// A part was read.
    package private(set) var hasTaken = false
    private var leftInARow = 0

    /// So many in a row are a habit.
    private static let habit = 3

    package init() {}

    package mutating func note(_ proof: TakenProof) {
        switch proof {
        case .proven:
            hasTaken = true
            leftInARow = 0
        case .left:
            hasLeft = true
            leftInARow = min(leftInARow + 1, Self.habit)
        case .assumed, .gone: break
        }
    }

    /// Adds what was seen elsewhere of the same server, such as on other jobs.
    package mutating func add(_ other: PartReading) {
        hasLeft = hasLeft || other.hasLeft
        hasTaken = hasTaken || other.hasTaken
    }

    /// How long the next part has to lie there with nothing changing.
    package func patience(_ timing: Timing) -> Int64 {
        if leftInARow == Self.habit { return timing.quickPartPatience }
        return hasTaken ? timing.longPartPatience : timing.partPatience
    }

    /// What a report must say of it.
    package var note: String? {
        guard hasLeft else { return nil }
        return hasTaken
            ? "the server sometimes leaves parts of messages unread, or reads them late: cuts cannot be "
                + "proven there"
            : "the server leaves parts of messages unread: cuts cannot be proven there"
    }
}

/// How much of an incomplete message has been sent at the end of each segment of a transmission.
struct PartsOfSegments {
    /// Where the last message before ends, in the stream.
    private var whole: Int
    private var messageEnds: ArraySlice<Int>

    init(after whole: Int, messageEnds: [Int]) {
        self.whole = whole
        self.messageEnds = messageEnds[...]
    }

    /// To be asked for ascending places in the stream.
    mutating func part(upTo end: Int) -> Int {
        while let next = messageEnds.first, next <= end {
            whole = next
            messageEnds.removeFirst()
        }
        return end - whole
    }
}

extension Interpreter {
    /// How many of the bytes written last belong to a message that is not complete; the server
    /// may leave these, and no more, until the rest has come.
    package func partWritten(on link: LinkID) -> Int { links[link.index].writer.part }

    /// How long such a part has to lie unread, and nothing to change, before the world tells
    /// that it was `left`.
    package var partPatience: Int64 { knowledge.parts.patience(timing) }
}
