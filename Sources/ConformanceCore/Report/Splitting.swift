// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Specs

/// What `conformance split` has to say: what cuts did to cases that hold without them.
package struct Splitting: Equatable, Sendable {
    /// A case that holds uncut, and fails, or warns of something new, when it is cut.
    package struct Break: Equatable, Sendable {
        /// What has to be done to the messages.
        package enum Kind: String, Equatable, Sendable {
            /// Messages are cut.
            case cut
            /// Messages share a segment, and none is cut.
            case join
            /// A message shares a segment with the beginning of the next one.
            case straddle
        }

        package var caseID: String
        /// What it breaks.
        package var requirement: String
        /// How much that weighs: of level S, it is a warning.
        package var level: Level
        /// The plan under which it was found.
        package var found: CutPlan
        package var smallest: SplitCut
        /// Where messages were cut in the run that shows it; empty where they were only joined.
        package var places: [CutPlace]
        /// Runs that it took to make the cut small.
        package var trials: Int
        /// There was no time to try smaller ones.
        package var isUnfinished: Bool
        /// A command that fails again.
        package var replay: String

        package init(
            caseID: String, requirement: String, level: Level, found: CutPlan, smallest: SplitCut,
            places: [CutPlace], trials: Int, isUnfinished: Bool = false, replay: String
        ) {
            self.caseID = caseID
            self.requirement = requirement
            self.level = level
            self.found = found
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

    /// A cut that keeps a case from what it is about: inconclusive, where it holds uncut.
    package struct Hindrance: Equatable, Sendable {
        package var caseID: String
        /// The plan under which it was found.
        package var found: CutPlan
        package var smallest: SplitCut
        /// Where messages were cut in the run that shows it.
        package var places: [CutPlace]
        /// Runs that it took to make the cut small.
        package var trials: Int
        /// There was no time to try smaller ones.
        package var isUnfinished: Bool
        /// A command that is inconclusive again.
        package var replay: String

        package init(
            caseID: String, found: CutPlan, smallest: SplitCut, places: [CutPlace], trials: Int,
            isUnfinished: Bool = false, replay: String
        ) {
            self.caseID = caseID
            self.found = found
            self.smallest = smallest
            self.places = places
            self.trials = trials
            self.isUnfinished = isUnfinished
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

    /// Cases that hold uncut, and so were cut.
    package var cases = 0
    /// Cases that were not run at all: there was no time for them, or no server.
    package var neverRun: [String] = []
    package var counts: [SplitFamily: SplitExploration.Count] = [:]
    /// Offsets that were passed over, as their messages are too long.
    package var passedOver = 0
    /// Beginnings of a next message that were not planned, as only telling ones were wanted.
    package var straddlesLeftOut = 0
    package var breaks: [Break] = []
    /// Cases that fail, or are inconclusive, without any cut: no cut can break them.
    package var failingUncut: [String] = []
    /// Cases that warn without any cut: cuts break them only by what they do not warn of uncut.
    package var warningUncut: [String] = []
    /// Cases that cut what they send themselves, and were run as they are.
    package var ownCuts = 0
    package var failingOwnCuts: [String] = []
    /// Such cases that warn: with no uncut run beside them, nobody knows whether the cut is to blame.
    package var warningOwnCuts: [String] = []
    /// Such cases that were not run.
    package var ownCutsLeft = 0
    /// Where nothing was broken, what kept cases from what they are about.
    package var hindrances: [Hindrance] = []
    /// Cases whose preamble did not hold when it was cut; from then on it was left whole.
    package var spared: [String] = []
    /// Cases that did not come to what they are about when no more than their steps was cut.
    package var unreached: [String] = []
    /// Cases that failed under a cut once, and not when it was tried again.
    package var unstable: [String] = []
    /// Cases that failed under a cut, and there was no time to look at them again.
    package var unverified: [String] = []
    /// Trials for which no server could be launched, not even at the second attempt.
    package var unlaunched = 0
    package var ending: Ending?
    /// Nanoseconds that were given, where they were.
    package var budget: Int64?

    package init() {}

    package var planned: Int { counts.values.reduce(0) { $0 + $1.planned } }
    /// Trials that were planned and not run.
    package var left: Int { max(0, planned - tried) }
    package var tried: Int { counts.values.reduce(0) { $0 + $1.tried } }
}

extension Report {
    /// Whether any trial has cut something, or joined it where there is nothing to cut.
    package var hasCut: Bool {
        guard let splitting, splitting.tried > 0 else { return false }
        let isJoinedAlone = splitting.counts.allSatisfy {
            $0.key == .coalesced || $0.value.planned == 0
        }
        return isJoinedAlone || coverage.cuts.contains { $0.planned > 0 }
    }
}
