// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// A cut that does something to a case which holds without it, made small.
package struct ShrunkCut: Equatable, Sendable {
    /// What has to be done to the messages.
    package enum Kind: String, Equatable, Sendable {
        /// Messages are cut.
        case cut
        /// Messages share a segment, and none is cut.
        case join
        /// A message shares a segment with the beginning of the next one.
        case straddle
    }

    /// The plan under which it was found.
    package var foundBy: CutPlan
    package var smallest: SplitCut
    /// Where messages were cut in the run that shows it; empty where they were only joined.
    package var places: [CutPlace]
    /// Runs that it took to make the cut small.
    package var trials: Int
    /// There was no time to try smaller ones.
    package var isUnfinished: Bool
    /// A command that does it again.
    package var replay: String

    package init(
        foundBy: CutPlan, smallest: SplitCut, places: [CutPlace], trials: Int,
        isUnfinished: Bool = false, replay: String
    ) {
        self.foundBy = foundBy
        self.smallest = smallest
        self.places = places
        self.trials = trials
        self.isUnfinished = isUnfinished
        self.replay = replay
    }

    package var kind: Kind {
        if smallest.plan.joinedMessages == 1 { return .cut }
        return places.isEmpty ? .join : .straddle
    }
}
