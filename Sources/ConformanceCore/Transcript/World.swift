// SPDX-License-Identifier: Apache-2.0

package import Specs

/// What the interpreter asks of the world: sockets in the program, machines in tests.
package enum WorldAction: Equatable, Sendable {
    /// Open a connection; answered by `connected` or `refused`.
    case connect(LinkID, ConnectOptions)
    /// Have a port of one's own; answered by `listening`.
    case listen(ListenerID, PortKind)
    /// Take the next connection that has come to a port; answered by `connected` when there is one.
    case accept(LinkID, ListenerID)
    /// Answer `arrivals`: whether a connection waits at a port.
    case queryArrivals(ListenerID)
    /// Write one segment; answered by `written` when the kernel has it all.
    case write(LinkID, [UInt8])
    /// Answer `taken` when the server has taken all that was written.
    case awaitTaken(LinkID)
    case closeWrite(LinkID)
    case close(LinkID)
    case reset(LinkID)
    case stopReading(LinkID)
    case resumeReading(LinkID)
    /// Answer `backlog`: how much waits at the server's end of this connection.
    case queryBacklog(LinkID)
    /// End the launched server and start it again; answered by `restarted`.
    case restartServer(ServerID)
    /// Answer `threads`: how many the launched server has.
    case countThreads(ServerID)
    /// Send a launched server a signal.
    case signalServer(ServerSignal, ServerID)
    /// Look for texts in the files of a launched server; answered by `searched`.
    case searchFiles([[UInt8]], ServerID)
}

/// What the world tells the interpreter.
package enum WorldEvent: Equatable, Sendable {
    case connected(LinkID)
    /// What texts may name from here on: an address or a port that only the run knows.
    case learned(String, [UInt8])
    case listening(ListenerID, port: UInt16)
    case arrivals(ListenerID, Bool)
    case refused(LinkID, reason: String)
    case written(LinkID)
    case taken(LinkID, TakenProof)
    /// The server goes on reading what was written to it long ago, on any connection.
    case reading
    case received(LinkID, [UInt8])
    case ended(LinkID, EndKind)
    case backlog(LinkID, Int?)
    /// The launched server is gone: how it ended.
    case serverEnded(String, of: ServerID = .main)
    /// The server was ended and started again; how that failed, where it did.
    case restarted(RestartFailure?)
    /// How many threads the launched server has; `nil` where that cannot be seen.
    case threads(Int?)
    case searched(SearchedFiles)
    /// Only time has passed.
    case timePassed
}
