// SPDX-License-Identifier: Apache-2.0

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
    /// Could not be read: it may have connected its peer, or anybody where it names none.
    case unread
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

/// Groups of steps that run at once: one group, or one for each round.
package struct TogetherTemplate: Equatable, Sendable {
    package var each: Iteration?
    package var steps: [StepTemplate]
}
