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
    /// Its server was killed or started again while it was open: what is pending is no message.
    var mayEndUnfinished = false
    var isReading = true
    /// The session's state, as far as messages show it.
    var session: String

    // What comes in.
    var framer: any MessageFramer
    /// Whether the framer would make a message of what is pending; noted when that may change, as
    /// it is asked after every event.
    var canSettle = false
    var lastReceived: Int64 = 0
    /// Numbers of messages that no step has taken yet.
    var inbox: ArraySlice<Int> = []
    /// How many messages have come into the inbox since the beginning.
    var arrived = 0

    // What goes out.
    var sentFramer: any MessageFramer
    var writer = LinkWriter()
    var bytesSent = 0
    /// Where in the stream the last message ends that was sent whole.
    var saidUpTo = 0
    /// Something was sent whose consequences no barrier's answer has confirmed.
    var isCause = false
    /// Answers due to requests of steps that are what a barrier would send, too.
    var owed: ArraySlice<Pattern> = []
    var barriers: [Barrier] = []
    var barriersSent = 0
    var barriersAnswered = 0
    /// `arrived` when the last barrier was answered.
    var arrivedAtBarrier = 0
    /// What is still to be said to a barrier's answer.
    var reply: Transmission?
    /// What this connection has asked in another one's place.
    var relay: Relay?
    var responses: [StandingResponse] = []

    /// How many of the inbox's messages came before the last barrier was answered.
    var countBeforeBarrier: Int { max(0, arrivedAtBarrier - (arrived - inbox.count)) }

    struct Barrier {
        var number: Int
        var answer: Pattern
        /// How much had been sent when it went out, itself included.
        var sentUpTo: Int
        /// What is said to the answer, where another connection has asked.
        var reply: Transmission?
    }

    /// A barrier of another connection, until what it brings about here has come.
    struct Relay {
        var observed: LinkID
        /// What is to come on the observed connection, and what is said to it.
        var answer: Pattern
        var reply: Transmission?
        var confirmation: Pattern
        /// How much had been sent here when it went out, itself included.
        var sentUpTo: Int
    }

    init(document: ProtocolDocument, kind: String, knowledge: RunKnowledge) {
        session = document.firstState(of: kind)
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

/// A rule of a standing answer.
struct StandingResponse {
    var step: StepID
    var number: Int
    var rule: Response
    /// How often it may still be given; `nil`: without end.
    var left: Int?
}

/// An answer that is given when its time has come.
struct DueAnswer {
    var at: Int64
    var link: LinkID
    var step: StepID
    var deed: Response.Deed
    /// What the message has bound, for this answer alone.
    var bound: [String: [UInt8]]
}

/// A port of the runner's own while a plan runs.
struct ListenerState {
    var port: UInt16?
    /// Whether a connection waits there, once that has been asked.
    var hasArrivals: Bool?
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
        /// How many bytes at its end, or before it, belong to a message that it does not complete.
        var part = 0
    }

    var state = State.free
    var queue: ArraySlice<Segment> = []
    /// What was written last has not been seen to be taken.
    var isUntaken = false
    /// Somebody waits for the taking although nothing more is to be written.
    var isAwaited = false
    /// How many of the bytes that were written last belong to a message that is not complete.
    var part = 0
    /// The server was seen to leave that part unread.
    var isLeft = false
    var pendingCut: (form: String?, offset: Int)?
    var issued = 0
    var completed = 0
}
