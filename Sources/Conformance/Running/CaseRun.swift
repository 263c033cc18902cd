// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix

/// A plan that is to be run, and the cut that the run lays over it.
struct PlannedCase: Sendable {
    var plan: Plan
    /// `nil` where the run asks for none.
    var split: CutPlan?
    /// Why it is not to be run.
    var skipped: SkipReason?
    /// Its place in the run, from 0, where several are run side by side.
    var number = 0
    /// It takes long, and is told of behind all others that are run side by side.
    var isToldLast = false
    /// The place of its case among all, from 0, where cases are run under many cuts.
    var place = 0
    /// From 0, where the cases are run several times.
    var round = 0
    /// The seed of the plan, where that is not the run's.
    var seed: UInt64?
    /// The longest wait of its steps in nanoseconds, where that is not the run's.
    var timeout: Int64?
    /// Where servers are used again and again: that it has one of its own all the same.
    var needsFresh = false
    /// It is not begun later than this, by the monotonic clock; `nil`: whenever its turn comes.
    var notAfter: Int64?
    /// It is cut short there, by the monotonic clock; `nil`: it has all its time.
    var cutOff: Int64?
    /// When its turn came, in nanoseconds since 1970: later cases begin no earlier.
    var turn: Int64?

    init(_ plan: Plan, split: CutPlan? = nil, skipped: SkipReason? = nil) {
        self.plan = plan
        self.split = split
        self.skipped = skipped
    }
}

/// What became of one planned case: what judge and report are given.
struct CaseRun: Sendable {
    var planned: PlannedCase
    var outcome: CaseOutcome
    /// Why its server did not start at the first attempt, where it did at the second.
    var slowLaunch: LaunchFailure?
}

extension CaseRun {
    var hasBegun: Bool {
        switch outcome {
        case .ran, .launchFailed, .broken: true
        case .skipped, .late: false
        }
    }

    /// Whether it was ended before its steps had: what it shows is not the server's doing.
    var isCutShort: Bool {
        if case .ran(let scenario) = outcome { scenario.isCutShort } else { false }
    }

    /// Whether all steps held; the judge may still have something to say.
    var wentAsPlanned: Bool {
        guard case .ran(let scenario) = outcome else { return false }
        return scenario.transcript.entries.allSatisfy { entry in
            switch entry.event {
            case .finished(_, let outcome): outcome == .held
            case .aborted, .serverEnded: false
            default: true
            }
        }
    }
}

enum CaseOutcome: Sendable {
    case skipped(SkipReason)
    case ran(ScenarioRun)
    case launchFailed(LaunchFailure)
    /// Its turn came too late.
    case late
    /// Our own failure.
    case broken(String)
}

/// One scenario that was run.
struct ScenarioRun: Sendable {
    var transcript: Transcript
    var knowledge: RunKnowledge
    /// Nanoseconds, from the first step's begin.
    var duration: Int64
    /// Nanoseconds in which the server or we waited for a processor, and the clock stood still.
    var starved: Int64
    /// It did not come to its end, as the program was interrupted or its time was over.
    var isCutShort = false
    /// When it began, by the calendar.
    var began: WallTime
    /// When all its connections were closed.
    var ended: WallTime
    /// The server's end of all connections.
    var address: SocketAddress
    /// Our ends, of those that we opened.
    var ours: [LinkID: SocketAddress]
    /// Both ends of those that a server opened, or that went elsewhere than to `address`.
    var accepted: [LinkID: AcceptedEnds] = [:]
    /// Since when servers could connect to us, where that is before it began.
    var reachableSince: WallTime?
    var server: ServerTrace?
}

/// The two ends of a connection, where the server's is not the one that all know.
struct AcceptedEnds: Hashable, Sendable {
    var ours: SocketAddress
    var theirs: SocketAddress
}

/// What a launched server left behind in one scenario.
struct ServerTrace: Sendable {
    var command: [String]
    var address: SocketAddress
    var output: CapturedOutput
    /// How it ended by itself.
    var termination: Termination?
    /// It took the place of one that had died (`--reuse`).
    var isReplacement = false
    /// Something did not go as planned, and nothing listens at its port any more.
    var listensNoMore = false
}
