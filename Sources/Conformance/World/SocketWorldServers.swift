// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// The servers of a scenario: where they are, how they start again and how they end.
extension SocketWorld {
    /// The first server, where we have started it.
    var server: LaunchedServer? { servers.first }

    func server(_ id: ServerID) -> LaunchedServer? {
        servers.indices.contains(id.index) ? servers[id.index] : nil
    }

    /// Where a connection goes to.
    func address(of link: SocketLink) -> SocketAddress {
        plan.server(of: link.id).flatMap { server($0)?.address } ?? address
    }

    /// How much the servers that are ours have run and waited to run, and we have waited.
    var processorWait: ProcessorWait {
        servers.reduce(.ofThisThread) { sum, server in server.processorWait.added(to: sum) }
    }

    /// Starts the server again; its connections end with it.
    func restartServer(_ id: ServerID) {
        guard let server = server(id), let launcher else {
            return tell(.restarted(.undecided("it was not started by the runner")))
        }
        do throws(LaunchFailure) {
            try launcher.restart(server, staysThere: stage != nil)
            if id == .main { address = server.address }
            toldEnds.remove(id)
            tell(.restarted(nil))
        } catch {
            tell(.restarted(error.ofRestart))
        }
    }

    /// Tells each server's end once.
    func tellServerEnd() {
        for (index, server) in servers.enumerated() {
            guard let termination = server.termination, toldEnds.insert(ServerID(index)).inserted
            else { continue }
            // Also after the interpreter's end: it belongs into the transcript.
            interpreter.handle(
                .serverEnded(termination.description, of: ServerID(index)), at: now)
            perform(interpreter.takeActions())
            tellQueued()
        }
    }
}
