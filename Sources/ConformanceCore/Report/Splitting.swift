// SPDX-License-Identifier: Apache-2.0

package import Specs

/// What `conformance split` has to say: what cuts did to cases that hold without them.
package struct Splitting: Equatable, Sendable {
    /// A case that holds uncut, and fails, or warns of something new, when it is cut.
    package struct Break: Equatable, Sendable {
        package var caseID: String
        /// What it breaks.
        package var requirement: String
        /// How much that weighs: of level S, it is a warning.
        package var level: Level
        package var cut: ShrunkCut

        package init(caseID: String, requirement: String, level: Level, cut: ShrunkCut) {
            self.caseID = caseID
            self.requirement = requirement
            self.level = level
            self.cut = cut
        }
    }

    /// A case that holds with each message in a segment of its own, and fails, or warns of something
    /// new, as its own steps join or cut them.
    package struct OwnBreak: Equatable, Sendable {
        package var caseID: String
        package var requirement: String
        package var level: Level
        /// A command that does it again.
        package var replay: String

        package init(caseID: String, requirement: String, level: Level, replay: String) {
            self.caseID = caseID
            self.requirement = requirement
            self.level = level
            self.replay = replay
        }
    }

    /// A case that holds uncut, and does not come to what it is about when it is cut.
    package struct Hindrance: Equatable, Sendable {
        package var caseID: String
        package var cut: ShrunkCut

        package init(caseID: String, cut: ShrunkCut) {
            self.caseID = caseID
            self.cut = cut
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
    package var ownBreaks: [OwnBreak] = []
    /// Cases that fail, or are inconclusive, without any cut: no cut of the run's can break them.
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
    /// Cases that failed under a cut, or with segments of their own, and there was no time to look
    /// at them again.
    package var unverified: [String] = []
    /// Cases that fail or warn with segments of their own, of which nobody knows whether these are to
    /// blame: enough was broken, or they cannot be run without.
    package var undecided: [String] = []
    /// Trials for which no server could be launched, not even at the second attempt.
    package var unlaunched = 0
    package var ending: Ending?
    /// Nanoseconds that were given, where they were.
    package var budget: Int64?

    package init() {}

    /// Takes a case from all lists of those that fail or warn as they are.
    package mutating func forget(_ caseID: String) {
        failingUncut.removeAll { $0 == caseID }
        warningUncut.removeAll { $0 == caseID }
        failingOwnCuts.removeAll { $0 == caseID }
        warningOwnCuts.removeAll { $0 == caseID }
    }

    /// Lists a case that nobody could look at again, once for whatever reasons.
    package mutating func leave(_ caseID: String) {
        if !unverified.contains(caseID) { unverified.append(caseID) }
    }

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
