// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Bytes that leave in one write.
struct Segment: Equatable {
    var bytes: ArraySlice<UInt8>
    /// The plan has cut here: the next segment belongs to the same run of messages.
    var endsInCut: Bool
}

/// The input on its way out: blocks in, segments out.
///
/// A plan that joins messages has them held back until there are enough of them, or the input has
/// ended, or 1 MiB is held. All others let each message go as soon as it is whole.
struct SegmentQueue {
    private let plan: CutPlan
    private var splitter: MessageSplitter
    /// Whole messages that wait for company.
    private var joining: [MessageToCut] = []
    private var joinedBytes = 0
    private var segments: [Segment] = []
    /// The first segment that has not been taken.
    private var next = 0
    /// How many bytes of the stream have been cut so far.
    private(set) var streamOffset = 0
    /// How many cuts the plan has made so far.
    private(set) var plannedCuts = 0

    init(plan: CutPlan, framing: Framing?) {
        self.plan = plan
        splitter = MessageSplitter(framing)
    }

    var isEmpty: Bool { next == segments.count }

    mutating func append(_ block: ArraySlice<UInt8>) {
        for message in splitter.take(block) { append(message) }
    }

    /// A message whose borders are known.
    mutating func append(_ message: MessageToCut) {
        joining.append(message)
        joinedBytes += message.bytes.count
        let isEnough = joining.count >= plan.joinedMessages
        if isEnough || joinedBytes >= MessageSplitter.longestMessage { release() }
    }

    /// The input has ended: nothing is held back any more.
    mutating func end() {
        if let rest = splitter.takeRest() { append(rest) }
        release()
    }

    mutating func takeNext() -> Segment? {
        guard !isEmpty else { return nil }
        defer { next += 1 }
        return segments[next]
    }

    /// Lets go what waits for company.
    mutating func release() {
        guard !joining.isEmpty else { return }
        if isEmpty { (segments, next) = ([], 0) }
        let pieces = plan.segments(of: joining, streamOffset: streamOffset)
        for (index, piece) in pieces.enumerated() {
            streamOffset += piece.count
            segments.append(Segment(bytes: piece, endsInCut: index < pieces.count - 1))
        }
        plannedCuts += max(0, pieces.count - 1)
        (joining, joinedBytes) = ([], 0)
    }
}
