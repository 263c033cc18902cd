// SPDX-License-Identifier: Apache-2.0

package import Specs

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
