// SPDX-License-Identifier: Apache-2.0

import Specs

/// One thread of steps: the scenario's own, and one for each group of a `together`.
struct Strand {
    /// What is left to do; the innermost list is the last.
    var lists: [ArraySlice<PlanStep>]
    var current: Execution?
    /// The strand whose `together` waits for this one.
    var parent: Int?

    var isDone: Bool { current == nil && lists.allSatisfy { $0.isEmpty } }

    mutating func popStep() -> PlanStep? {
        while let last = lists.last, last.isEmpty { lists.removeLast() }
        guard let step = lists.last?.first else { return nil }
        lists[lists.count - 1].removeFirst()
        return step
    }
}

/// A step that has begun.
struct Execution {
    /// Shared: every event looks at what has begun, and a step's texts are many to count.
    private let shared: Shared<PlanStep>
    var stage: Stage
    var began: Int64
    /// How long it may take, in nanoseconds.
    let wait: Int64
    var deadline: Int64

    var step: PlanStep { shared.value }

    init(step: PlanStep, stage: Stage, began: Int64, wait: Int64) {
        shared = Shared(step)
        self.stage = stage
        self.began = began
        self.wait = wait
        deadline = began + wait
    }
}

/// A value that is copied by counting it alone.
final class Shared<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}

/// What a step that has begun waits for.
enum Stage {
    case opening(LinkID)
    case listening(ListenerID)
    case beingRefused(LinkID)
    /// A transmission to be written, by its number.
    case writing(LinkID, transmission: Int)
    case awaitingMessage(LinkID, Pattern, othersStay: Bool)
    case awaitingMessages([ExpectedMessage])
    case awaitingClose(LinkID, CloseKind)
    case proving(AbsenceCheck)
    case provingUnconnected(ListenerID, AbsenceCheck)
    case awaitingArrivals(ListenerID)
    /// What standing answers have begun to say is said, then the connection is left.
    case leaving(LinkID, until: Int64)
    /// Something comes or the time is over: only then the step goes on.
    case waiting(LinkID, until: Int64)
    /// The next happening decides between the alternatives.
    case choosing(LinkID, AbsenceCheck?)
    /// All that comes up to the barrier's answer decides.
    case observing(LinkID, AbsenceCheck)
    /// After the first message of an alternative, its further ones and its end.
    case following(LinkID, alternative: Int, patterns: ArraySlice<Pattern>)
    case asking(LinkID, attempt: Int, AskingStage)
    case filling(Filling)
    case joining(children: Int)
    case pausing(until: Int64)
    /// `nil` as long as the server is away.
    case restarting(isBack: Bool?)
    case counting(isDone: Bool)
    case awaitingExit(ServerID)
    case searching(isDone: Bool)
}

extension Stage {
    /// Whether barriers are what it waits for.
    var isProving: Bool {
        switch self {
        case .proving, .provingUnconnected, .observing, .choosing(_, _?), .asking(_, _, .proving):
            true
        case .opening, .listening, .beingRefused, .writing, .awaitingMessage, .awaitingMessages,
            .awaitingClose, .awaitingArrivals, .leaving, .waiting, .choosing(_, nil), .following,
            .asking, .filling, .joining, .pausing, .restarting, .counting, .awaitingExit,
            .searching:
            false
        }
    }

    /// Whether it waits for what the server says on the connection, or for the end behind that.
    func awaits(_ link: LinkID) -> Bool {
        switch self {
        case .awaitingMessage(let own, _, _), .awaitingClose(let own, _), .choosing(let own, nil),
            .following(let own, _, _), .asking(let own, _, .answering):
            own == link
        case .awaitingMessages(let expected): expected.contains { $0.link == link }
        case .proving(let check), .provingUnconnected(_, let check), .observing(_, let check),
            .choosing(_, .some(let check)), .asking(_, _, .proving(let check)):
            check.waits[link] != nil
        case .opening, .listening, .beingRefused, .writing, .awaitingArrivals, .leaving, .waiting,
            .asking, .filling, .joining, .pausing, .restarting, .counting, .awaitingExit,
            .searching:
            false
        }
    }
}

enum AskingStage {
    case writing(transmission: Int)
    /// For an answer that the server owes, however long it takes.
    case answering
    case proving(AbsenceCheck)
    case pausing(until: Int64)
}

/// Sending until the server's end of a stalled connection is full.
struct Filling {
    enum Stage {
        case writing(transmission: Int)
        case taking
        case looking
    }

    var talker: LinkID
    var stalled: LinkID
    var frame: [UInt8]
    /// How often it is sent before the next look.
    var count: Int
    var sent = 0
    var most: Int
    var stage: Stage
    /// When the server was last waited for to take what was sent.
    var takingSince: Int64 = 0
    /// What waited when it was last looked at.
    var backlog: Int?
    /// How often in a row it was as much, and not nothing.
    var equalLooks = 0
    var hasLooked = false
    var isEnough = false
}

/// The way to show that nothing comes: barriers on the causes, then those that others have to send,
/// then on the observed, then, where one of them could not answer, a quiet window.
struct AbsenceCheck {
    enum Stage {
        case causes
        case relays
        case observers
        case quiet(until: Int64)
    }

    enum Wait {
        /// For the answer to the barrier of this number.
        case answer(Int)
        /// The same, and for the confirmation of who has asked.
        case relay(Int, by: LinkID)
        /// For the server to have taken everything.
        case drain
    }

    var observed: [LinkID]
    var stage = Stage.causes
    var waits: [LinkID: Wait] = [:]
    /// Connections for which somebody else is still to ask.
    var relays: [LinkID] = []
    /// Connections that answered a barrier as causes.
    var answered: Set<LinkID> = []
    var causes: Set<LinkID> = []
    /// All open connections are observed, as no step names one.
    var isSweep = false
    /// A connection could not answer.
    var needsQuiet = false
    /// At the end of a scenario nobody waits quietly for connections that cannot answer.
    var mayBeQuiet: Bool
}
