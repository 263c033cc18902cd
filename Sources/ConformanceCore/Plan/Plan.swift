// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Specs

/// A scenario, or one case of it, with every value filled in: all that is known before the run.
package struct Plan: Equatable, Sendable {
    /// The scenario's id with its case: `framing.partial[at=37]`.
    package var caseID: String
    package var scenarioID: String
    package var title: String
    package var topic: String
    /// The first one is the scenario's own; the others are covered on the way.
    package var requirements: [String]
    package var level: Level
    package var position: SourcePosition
    package var document: ProtocolDocument
    package var links: [PlannedLink]
    /// The servers under test, the first being the one that every plan has.
    package var servers: [PlannedServer] = [PlannedServer()]
    package var listeners: [PlannedListener] = []
    /// What may also arrive, at any time.
    package var allow: [Pattern]
    /// Connections that the server may end at any time, and how.
    package var allowedEnds: [LinkID: CloseKind] = [:]
    package var preamble: [PlanStep]
    package var steps: [PlanStep]
    /// How what the runner itself sends (barriers) is cut.
    package var runSplit: CutPlan
    /// The only message form that the run's plan cuts, in steps alone; `nil`: it cuts all that is
    /// sent.
    package var splitForm: String?
    package var splitReach = SplitReach.everything
    /// Draws the words of barriers.
    package var nonces: SeededGenerator
    package var needs: [Need]
    /// How many accounts it takes of those that the server under test knows.
    package var accounts = 0
    /// Why no values can be made for it, where that is so.
    package var lack: String?

    package var primaryRequirement: String { requirements.first ?? "" }
}

/// A connection, by its number in its plan.
package struct LinkID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (left: LinkID, right: LinkID) -> Bool { left.index < right.index }
}

/// One connection that a plan opens.
package struct PlannedLink: Equatable, Sendable {
    package var peer: String
    package var link: String
    /// The name that the peer goes by in this run.
    package var name: [UInt8]
    /// Whether the plan makes use of that name, so that the server can have learned it.
    package var isNamed = false
    /// The kind of connection (`links` of `protocol.json`) that it is.
    package var kind = StepTemplate.mainLink

    /// The server that it goes to; `nil` for one that a server opens.
    package var server: ServerID?
    /// Texts name the runner's own address on it, which is known when it is connected.
    package var isAddressNamed = false
    /// The peer's first connection of this name, in whose place it stands once that is over.
    package var follows: LinkID?
    /// Which connection of this name it is.
    package var number = 1

    /// What stands in texts for that address until it is known.
    package var hostCapture: String { "host:\(label)" }

    /// How people call it: the peer, the link where that is not the only one, and how often it has
    /// been opened.
    package var label: String {
        let name = link == StepTemplate.mainLink ? peer : "\(peer).\(link)"
        return number == 1 ? name : "\(name) (\(number))"
    }
}

/// A port of the runner's own, by its number in its plan.
package struct ListenerID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (left: ListenerID, right: ListenerID) -> Bool {
        left.index < right.index
    }
}

/// One port that a plan opens, for the server to connect to.
package struct PlannedListener: Equatable, Sendable {
    package var peer: String
    package var name: String
    /// Where it is; `nil` for all addresses of the machine.
    package var from: [UInt8]?

    /// How people call it.
    package var label: String { "\(peer).\(name)" }
    /// What stands in texts for its number until it is known.
    package var portCapture: String { "port:\(label)" }
}

/// A step by its number in its plan.
package struct StepID: Hashable, Comparable, Sendable {
    package var number: Int

    package init(_ number: Int) { self.number = number }

    package static func < (left: StepID, right: StepID) -> Bool { left.number < right.number }
}

/// One step of a plan.
package struct PlanStep: Equatable, Sendable {
    package var id: StepID
    package var position: SourcePosition
    package var isPreamble: Bool
    package var requirement: String
    package var level: Level
    /// The longest wait in nanoseconds, where the step has one of its own.
    package var within: Int64?
    /// The open requirement under which it is reported which alternative of its pattern came.
    package var observes: String?
    /// Why nothing but a quiet window can show that nothing (more) comes.
    package var quiet: String?
    /// Why the server may leave this without an answer, which is waited for once in a run.
    package var silence: String?
    /// How long the server itself may take here.
    package var patience: Patience?
    package var action: PlanAction
}

/// A time of the server under test, for which a step waits.
package struct Patience: Equatable, Sendable {
    package var feature: String
    package var nanoseconds: Int64
    /// The server under test has not said so: it is the longest that is allowed.
    package var isAssumed: Bool
}

/// What a step does, with nothing left to look up but captures.
package indirect enum PlanAction: Equatable, Sendable {
    case connect(LinkID, ConnectOptions)
    case listen(ListenerID, PortKind)
    case accept(LinkID, ListenerID)
    case expectNoConnection(ListenerID)
    /// The first rule that matches a message answers it.
    case respond(LinkID, [Response])
    case transmit(LinkID, Transmission)
    /// `othersStay`: what comes before it is left to later steps.
    case expect(LinkID, Pattern, othersStay: Bool)
    case expectAll([ExpectedMessage])
    case expectNothing(LinkID, quiet: String?)
    case expectClose(LinkID, CloseKind)
    case expectRefused(LinkID, ConnectOptions)
    case closeWrite(LinkID)
    case close(LinkID)
    case reset(LinkID)
    case stopReading(LinkID)
    case resumeReading(LinkID)
    case fill(LinkID, stalled: LinkID, content: TextPattern, most: Int)
    case choose(LinkID, [Alternative], observes: Bool)
    case eventually(LinkID, Transmission, Outcome)
    case together([[PlanStep]])
    case pause(Int64)
    /// The launched server ends and begins again; all connections end with it.
    case restart(ServerID)
    /// What the server has is seen, and never wrong.
    case countThreads(ServerID)
    /// The launched server is told to end; that it does, and its connections with it, is no news.
    case signal(ServerSignal, ServerID)
    case expectExit(ServerID)
    /// None of the texts stands in a file of the launched server.
    case expectFiles(lacks: [TextPattern], ServerID)
    /// Barriers on all connections; what no step asked for is cleared (after the preamble).
    case settle
    /// Barriers on all connections; what no step asked for is a finding (at the end).
    case sweep
}

/// What is done by itself whenever a message of a kind comes.
package struct Response: Equatable, Sendable {
    package enum Deed: Equatable, Sendable {
        case transmit(Transmission)
        case close
        case reset
    }

    package var to: Pattern
    package var deed: Deed
    /// Nanoseconds that go by before it is done.
    package var after: Int64
    /// Whether the message is left to the steps, too.
    package var collects: Bool
    package var times: Int?
}

package struct ConnectOptions: Equatable, Sendable {
    package var from: [UInt8]?
    package var receiveBuffer: Int?
    package var server = ServerID.main
}

package struct ExpectedMessage: Equatable, Sendable {
    package var link: LinkID
    package var pattern: Pattern
    package var observes: String?
}

/// What is written at once, and how it is cut.
package struct Transmission: Equatable, Sendable {
    package enum Piece: Equatable, Sendable {
        /// A message, which is framed.
        case message(TextPattern)
        /// Bytes as they are.
        case raw(TextPattern)
        /// Bytes `from..<to` of a message's frame; negative ones count from its end.
        case part(TextPattern, from: Int, to: Int?)
    }

    package var pieces: [Piece]
    package var split: CutPlan
}

/// What may have come.
package enum Outcome: Equatable, Sendable {
    case messages([Pattern])
    case nothing
    case close(CloseKind)
    case messagesThenClose([Pattern], CloseKind)

    var patterns: [Pattern] {
        switch self {
        case .messages(let patterns), .messagesThenClose(let patterns, _): patterns
        case .nothing, .close: []
        }
    }

    var close: CloseKind? {
        switch self {
        case .close(let kind), .messagesThenClose(_, let kind): kind
        case .messages, .nothing: nil
        }
    }
}

package struct Alternative: Equatable, Sendable {
    package var outcome: Outcome
    package var label: String?
    package var tolerated: String?
    package var steps: [PlanStep]
}
