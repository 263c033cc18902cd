// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// One connection while a plan runs.
///
///     idle ──connect──▶ connecting ──connected──▶ open ──▶ the two directions end, each by itself
///                           └──────refused──▶ refused
struct LinkState {
    enum Phase: Equatable {
        case idle
        case connecting
        case open
        case refused(String)
    }

    /// How far the runner has ended its own direction.
    enum Leaving: Equatable {
        case no
        case closedWrite
        case closed
        case reset
    }

    var phase = Phase.idle
    var leaving = Leaving.no
    /// How the server ended its direction, if it did.
    var serverEnd: EndKind?
    /// A step has asked for the end, or looked at it.
    var isEndExpected = false
    var isReading = true
    /// The session's state, as far as messages show it.
    var session: String

    // What comes in.
    var framer: any MessageFramer
    var lastReceived: Int64 = 0
    /// Numbers of messages that no step has taken yet.
    var inbox: ArraySlice<Int> = []
    /// How many messages have come into the inbox since the beginning.
    var arrived = 0

    // What goes out.
    var sentFramer: any MessageFramer
    var writer = LinkWriter()
    var bytesSent = 0
    /// Something was sent whose consequences no barrier's answer has confirmed.
    var isCause = false
    /// Answers due to requests of steps that are what a barrier would send, too.
    var owed: ArraySlice<Pattern> = []
    var barriers: [Barrier] = []
    var barriersSent = 0
    var barriersAnswered = 0
    /// `arrived` when the last barrier was answered.
    var arrivedAtBarrier = 0

    /// How many of the inbox's messages came before the last barrier was answered.
    var countBeforeBarrier: Int { max(0, arrivedAtBarrier - (arrived - inbox.count)) }

    struct Barrier {
        var number: Int
        var answer: Pattern
        /// How much had been sent when it went out, itself included.
        var sentUpTo: Int
    }

    init(document: ProtocolDocument, knowledge: RunKnowledge) {
        session = document.states.initial
        framer = document.framing.framer(expectsShortFrames: knowledge.expectsShortFrames)
        sentFramer = document.framing.strictFramer
    }

    /// The server ended the connection, which nobody asked for.
    var hasEndedUnasked: Bool { serverEnd != nil && leaving == .no && !isEndExpected }

    /// Whether the server can still be asked something here, and its answer be read.
    var canAsk: Bool {
        phase == .open && leaving == .no && serverEnd == nil && isReading
            && sentFramer.pending.isEmpty
    }
}

/// Writes segments one after the other, each when the server has taken the one before.
///
///     free ──write──▶ writing ──written──▶ free (untaken) ──▶ awaitingTaken ──taken──▶ free
struct LinkWriter {
    enum State {
        case free
        case writing
        case awaitingTaken
    }

    struct Segment {
        var bytes: [UInt8]
        var step: StepID?
        /// The cut at the segment's end, where it lies inside a message.
        var cut: (form: String?, offset: Int)?
        /// The number of the transmission that this segment completes.
        var completes: Int?
    }

    var state = State.free
    var queue: ArraySlice<Segment> = []
    /// What was written last has not been seen to be taken.
    var isUntaken = false
    /// Somebody waits for the taking although nothing more is to be written.
    var isAwaited = false
    var pendingCut: (form: String?, offset: Int)?
    var issued = 0
    var completed = 0
}
