// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Runs one plan: what happened goes in, what to do next comes out.
///
/// It knows neither sockets nor clocks; the program gives it both, tests give it a machine and
/// a number. Rules:
///
/// 1. A strand goes on until its step has to wait; every event lets all strands try again.
/// 2. The first step that does not go as planned ends the run; the rest is not executed.
/// 3. It decides only when to go on. What it saw is in the transcript, from which the judge
///    decides what it was worth.
/// 4. The next segment of a connection is written when the server has taken the one before.
package struct Interpreter {
    package let plan: Plan
    package let timing: Timing
    package private(set) var transcript = Transcript()
    package private(set) var knowledge: RunKnowledge
    /// The steps have ended, one way or the other.
    package private(set) var isFinished = false
    /// When `timePassed` is due at the latest.
    ///
    /// Stored, since the program asks more often than it changes, and asking the whole would copy it.
    package private(set) var nextDeadline: Int64?

    var links: [LinkState]
    /// Connections that stand in the place of ones that are over, by the first of each.
    var successors: [LinkID: LinkID] = [:]
    /// For how long segments have been held back by the pace, in nanoseconds.
    var heldBack: Int64 = 0
    var listeners: [ListenerState]
    /// Standing answers whose time has not come.
    var due: [DueAnswer] = []
    var strands: [Strand]
    var bound: [String: [UInt8]] = [:]
    /// Launched servers that have ended, and were not started again.
    var endedServers: Set<ServerID> = []
    var now: Int64 = 0
    /// When something came on any connection.
    var lastReceived: Int64 = 0
    private var nonces: SeededGenerator
    private var actions: [WorldAction] = []

    package init(plan: Plan, timing: Timing, knowledge: RunKnowledge = RunKnowledge()) {
        self.plan = plan
        self.timing = timing
        self.knowledge = knowledge
        nonces = plan.nonces
        links = plan.links.map {
            LinkState(document: plan.document, kind: $0.kind, knowledge: knowledge)
        }
        listeners = plan.listeners.map { _ in ListenerState() }
        strands = [Strand(lists: [(plan.preamble + plan.steps)[...]])]
    }

    /// Begins; the first actions are there afterwards.
    package mutating func start() {
        advance()
        nextDeadline = earliestDeadline
    }

    package mutating func handle(_ event: WorldEvent, at time: Int64) {
        now = max(now, time)
        apply(event)
        if !isInMidTransmission(event) {
            settleSilentStreams()
            giveDueAnswers()
            advance()
        }
        nextDeadline = earliestDeadline
    }

    /// Whether the event only lets the writer of a connection go on: no strand waits for a segment
    /// that others follow, of which there are many.
    private func isInMidTransmission(_ event: WorldEvent) -> Bool {
        switch event {
        case .written(let link), .taken(let link, _): !links[link.index].writer.queue.isEmpty
        default: false
        }
    }

    /// Ends the run before its steps have.
    package mutating func abort(_ reason: AbortReason, at time: Int64) {
        now = max(now, time)
        record(.aborted(reason))
        finish()
        nextDeadline = nil
    }

    /// The actions since the last call, in order.
    package mutating func takeActions() -> [WorldAction] {
        guard !actions.isEmpty else { return [] }
        defer { actions = [] }
        return actions
    }

    private var earliestDeadline: Int64? {
        guard !isFinished else { return nil }
        var earliest: Int64?
        func consider(_ time: Int64) { earliest = min(earliest ?? time, time) }
        for strand in strands {
            guard let current = strand.current else { continue }
            if current.isJoining { continue }
            consider(current.deadline)
            if let time = current.stage.wakes { consider(time) }
        }
        for index in links.indices where links[index].canSettle {
            consider(settleTime(of: links[index]))
        }
        for answer in due { consider(answer.at) }
        return earliest
    }

    mutating func ask(_ action: WorldAction) { actions.append(action) }

    mutating func record(_ event: TranscriptEvent) {
        transcript.entries.append(TranscriptEntry(time: now, event: event))
    }

    mutating func recordMessage(_ message: ReceivedMessage) -> Int {
        transcript.messages.append(message)
        return transcript.messages.count - 1
    }

    mutating func finish() { isFinished = true }

    /// What one server answers another may leave unanswered: both are seen.
    mutating func learnSilence(_ step: PlanStep, chosen outcome: Outcome) {
        guard step.silence != nil else { return }
        if outcome == .nothing {
            knowledge.silences.insert(step.position)
        } else {
            knowledge.silences.remove(step.position)
        }
    }

    mutating func learnPart(_ proof: TakenProof) { knowledge.parts.note(proof) }

    mutating func noteShortFrame() { knowledge.noteShortFrame() }

    /// A word that stands nowhere else in the run.
    mutating func nonce() -> [UInt8] {
        let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        return Array("q".utf8) + (0..<11).map { _ in letters[nonces.next(below: letters.count)] }
    }
}

extension Stage {
    /// When the stage itself wants to be woken, before its step's deadline.
    var wakes: Int64? {
        switch self {
        case .pausing(let until), .asking(_, _, .pausing(let until)), .waiting(_, let until),
            .leaving(_, let until):
            until
        case .proving(let check), .observing(_, let check), .asking(_, _, .proving(let check)),
            .provingUnconnected(_, let check):
            check.wakes
        case .choosing(_, let check): check.flatMap(\.wakes)
        case .filling(let filling): filling.wakes
        case .opening, .listening, .beingRefused, .writing, .awaitingMessage, .awaitingMessages,
            .awaitingClose, .awaitingArrivals, .following, .asking, .joining, .restarting,
            .counting, .awaitingExit, .searching:
            nil
        }
    }
}

extension AbsenceCheck {
    var wakes: Int64? {
        if case .quiet(let until) = stage { until } else { nil }
    }
}
