// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// What `conformance split` has to say: what cuts did to cases that hold without them.
package struct Splitting: Equatable, Sendable {
    /// A case that holds uncut, and fails when it is cut.
    package struct Break: Equatable, Sendable {
        package var caseID: String
        /// What it breaks.
        package var requirement: String
        /// The plan under which it was found.
        package var found: CutPlan
        package var smallest: SplitCut
        /// Where messages were cut in the run that shows it; empty where they were only joined.
        package var places: [CutPlace]
        /// Runs that it took to make the cut small.
        package var trials: Int
        /// A command that fails again.
        package var replay: String

        package init(
            caseID: String, requirement: String, found: CutPlan, smallest: SplitCut,
            places: [CutPlace], trials: Int, replay: String
        ) {
            self.caseID = caseID
            self.requirement = requirement
            self.found = found
            self.smallest = smallest
            self.places = places
            self.trials = trials
            self.replay = replay
        }
    }

    /// Why not all that was planned was tried.
    package enum Ending: String, Equatable, Sendable {
        /// The time that was given is over.
        case budget
        /// So many cases are broken that the rest says little.
        case breaks
        case interrupted
        /// The server could no longer be reached or launched.
        case unreachable
    }

    /// Cases that were cut.
    package var cases = 0
    package var counts: [SplitFamily: SplitExploration.Count] = [:]
    /// Offsets that were passed over, as their messages are too long.
    package var passedOver = 0
    package var breaks: [Break] = []
    /// Cases that fail, or are inconclusive, without any cut: no cut can break them.
    package var failingUncut: [String] = []
    /// Cases that cut what they send themselves, and were run as they are.
    package var ownCuts = 0
    package var failingOwnCuts: [String] = []
    /// Such cases that were not run.
    package var ownCutsLeft = 0
    /// Cases whose preamble did not hold under cuts, so that nothing can be said of them there.
    package var unreached: [String] = []
    /// Cases that failed under a cut once, and not when it was tried again.
    package var unstable: [String] = []
    package var ending: Ending?
    /// Nanoseconds that were given, where they were.
    package var budget: Int64?

    package init() {}

    package var planned: Int { counts.values.reduce(0) { $0 + $1.planned } }
    package var tried: Int { counts.values.reduce(0) { $0 + $1.tried } }
}
