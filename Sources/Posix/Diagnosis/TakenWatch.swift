// SPDX-License-Identifier: Apache-2.0

/// What is to be seen of the server's end of a connection.
package enum ServerEnd: Hashable {
    case open(PeerEnd)
    case gone
    /// The server is elsewhere, or the kernel does not tell.
    case hidden
}

/// Looks at the server's ends of our connections, for as long as the program runs.
///
/// The kernel knows nothing of a connection whose other end is on another machine, and says so as
/// if that end were gone. So a missing end is believed only after another one has been seen.
package final class TakenWatch {
    private let diagnosis: SocketDiagnosis?
    /// A server's end has been seen in this run, or the server was started on this machine.
    package var hasSeenServer = false
    /// Why nothing is to be seen, where the kernel has said so.
    package private(set) var failure: SystemCallError?

    package init() {
        do {
            diagnosis = try SocketDiagnosis()
        } catch {
            diagnosis = nil
            failure = error
        }
    }

    /// Shares the questions of another watch, and nothing that it has seen.
    ///
    /// For connections to several machines, of which one says nothing about the next.
    package init(sharing other: TakenWatch) {
        diagnosis = other.diagnosis
        failure = other.failure
    }

    /// Whether the listener at `address` belongs to a process that we have started, `child` or
    /// another.
    package func isListenerOurs(at address: SocketAddress, likely child: Int32? = nil) -> Bool {
        diagnosis?.isListenerOurs(at: address, likely: child) ?? true
    }

    /// The listener that a connection to `address` would find.
    package func listener(at address: SocketAddress) -> ListenerFinding {
        guard let diagnosis else {
            return .unavailable(failure ?? SystemCallError(call: "socket", code: 0))
        }
        return diagnosis.listener(at: address)
    }

    /// What is seen of the server's end.
    ///
    /// `socket` is our end, where it is still open; with it the look costs less. It costs least
    /// where an earlier look has shown that all that was sent `hasAllCome`, read or not.
    package func serverEnd(
        ours: SocketAddress, theirs: SocketAddress, of socket: Socket? = nil,
        hasAllCome: Bool = false
    ) -> ServerEnd {
        guard let diagnosis, failure == nil else { return .hidden }
        switch diagnosis.peerEnd(
            ours: ours, theirs: theirs, of: socket, hasAllCome: hasAllCome)
        {
        case .open(let end):
            hasSeenServer = true
            return .open(end)
        case .gone:
            return hasSeenServer ? .gone : .hidden
        case .unavailable(let error):
            failure = error
            return .hidden
        }
    }
}
