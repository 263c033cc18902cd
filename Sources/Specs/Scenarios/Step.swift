// SPDX-License-Identifier: Apache-2.0

/// One step of a scenario, as its file says it.
package struct StepTemplate: Equatable, Sendable {
    package var position: SourcePosition
    package var peer: Template?
    package var link: String
    /// The server that it is about, or that it connects to.
    package var server: ServerName?
    package var verb: Verb
    /// The requirement that this step is about, where it is not the scenario's first.
    package var requirement: String?
    package var level: Level?
    /// The longest wait, in nanoseconds.
    package var within: Int64?
    package var split: Template?
    /// The open requirement under which it is reported which alternative came.
    package var observes: String?
    /// Why nothing but a quiet window can show that nothing (more) comes.
    package var quiet: String?
    /// Why a server may leave the step without an answer.
    package var silence: String?
    /// The feature that says how long the server itself may take here.
    package var patience: String?
    package var note: String?

    /// The name of a peer's connection where a protocol has but one.
    package static let mainLink = "main"
    /// The name of the server that every scenario has.
    package static let mainServer = "main"
}

/// A server as a step names it.
package struct ServerName: Equatable, Sendable {
    package var text: Template
    package var position: SourcePosition
}

/// What a step does; `docs/scenarios.md` says what each means.
package indirect enum Verb: Equatable, Sendable {
    case connect(ConnectTemplate)
    case listen(ListenTemplate)
    case accept(AcceptTemplate)
    case perform(procedure: String, arguments: [Iteration.Element.Field])
    case send(ContentTemplate)
    case sendAll([ContentListElement])
    case sendBytes([ByteChunk])
    /// `othersStay`: what comes before it is left to later steps.
    case expect(PatternTemplate, othersStay: Bool)
    case expectAll([ExpectedElement])
    case expectNothing(quiet: String?)
    case expectClose(CloseKind)
    case expectRefused
    /// Nobody has connected to the peer's listener of this name.
    case expectNoConnection(String)
    case closeWrite
    case close
    case reset
    case stopReading
    case resumeReading
    case fill(FillTemplate)
    /// Standing answers of a connection; none ends those it had.
    case respond([ResponseTemplate])
    case either([AlternativeTemplate])
    case observe([AlternativeTemplate])
    case eventually(send: ContentTemplate, until: OutcomeTemplate)
    case `repeat`(Iteration, [StepTemplate])
    case together([TogetherTemplate])
    case pause(Int64)
    /// Ends the launched server and starts it again, with what it has stored.
    case restart
    /// Counts the threads of the launched server, which are then observed.
    case countThreads
    /// Sends a signal to the launched server.
    case signal(ServerSignal)
    /// The launched server has ended, or does so now.
    case expectExit
    /// In none of the files that the launched server has written stands one of these texts.
    case expectFiles(lacks: [Template])
}

/// How a server is told to end.
package enum ServerSignal: String, CaseIterable, Equatable, Sendable {
    case interrupt = "INT"
    case terminate = "TERM"
    case kill = "KILL"
}

/// Sends until what the server owes to a peer that does not read fills the kernel's buffers.
package struct FillTemplate: Equatable, Sendable {
    package var content: ContentTemplate
    package var stalled: Template
    /// Bytes after which it is enough in any case.
    package var most: Int
}

package struct ConnectTemplate: Equatable, Sendable {
    /// The address to connect from.
    package var from: Template?
    /// `SO_RCVBUF` of the runner's end, in bytes, with segments to match.
    package var receiveBuffer: Int?
    /// The connection of `protocol.json` that this one is like.
    package var like: String?
    /// The server has ended the connection, which is opened once more as it was.
    package var isAgain = false
}

/// A port of the peer's own, to which the server may connect.
package struct ListenTemplate: Equatable, Sendable {
    package var name: String
    /// The address to listen at; every address of the machine where nothing is said.
    package var from: Template?
    package var kind: PortKind
}

/// What becomes of who connects to a port.
package enum PortKind: String, CaseIterable, Equatable, Sendable {
    /// It is connected, and waits until a step accepts it.
    case listening
    /// It is refused.
    case refusing
    /// It hears nothing at all.
    case swallowing
}

/// Takes a connection that the server has made.
package struct AcceptTemplate: Equatable, Sendable {
    /// What the connection is called from now on.
    package var link: String
    /// The listener, where it is not called like the connection.
    package var listener: String?
    /// The connection of `protocol.json` that this one is like.
    package var like: String?
}

/// What a peer does by itself whenever a message of a kind comes.
package struct ResponseTemplate: Equatable, Sendable {
    package enum Deed: Equatable, Sendable {
        case send([ContentListElement])
        case sendBytes([ByteChunk])
        case close
        case reset
    }

    package var to: PatternTemplate
    package var deed: Deed
    /// How long it waits before it does so, in nanoseconds.
    package var after: Int64
    /// Whether the message is left to the steps, too.
    package var collects: Bool
    /// After so many it does so no more.
    package var times: Int?
}

/// What one message says, before it is framed.
package enum ContentTemplate: Equatable, Sendable {
    case text(Template)
    case bytes([UInt8])
    case json(JSONContent)
}

/// An element of `sendAll`: one message, or one for each round of an iteration.
package struct ContentListElement: Equatable, Sendable {
    package var each: Iteration?
    package var content: ContentTemplate
}

/// A piece of what `sendBytes` writes.
package enum ByteChunk: Equatable, Sendable {
    case text(Template)
    case bytes([UInt8])
    /// A part of the frame that carries `content`; the whole of it where no part is named.
    case frame(ContentTemplate, from: Template?, to: Template?)
}

/// An element of `expectAll`: one message, or one for each round of an iteration.
package struct ExpectedElement: Equatable, Sendable {
    package var each: Iteration?
    package var peer: Template?
    package var link: String
    package var pattern: PatternTemplate
    package var observes: String?
    package var position: SourcePosition
}

package enum CloseKind: String, CaseIterable, Equatable, Sendable {
    case fin
    case reset
    case either
}

/// What may have come: used by `either`, `observe` and `eventually`.
package enum OutcomeTemplate: Equatable, Sendable {
    case messages([PatternTemplate])
    case nothing
    case close(CloseKind)
    case messagesThenClose([PatternTemplate], CloseKind)
}

/// One way on from an `either` or `observe`.
package struct AlternativeTemplate: Equatable, Sendable {
    package var outcome: OutcomeTemplate
    package var label: String?
    package var tolerated: String?
    package var steps: [StepTemplate]
}

/// Groups of steps that run at once: one group, or one for each round.
package struct TogetherTemplate: Equatable, Sendable {
    package var each: Iteration?
    package var steps: [StepTemplate]
}
