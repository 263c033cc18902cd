// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix

/// Whether a server has taken what was sent to it.
extension SocketWorld {
    /// Tells of what the servers have taken, where that is waited for.
    func lookForTaken() {
        for link in links {
            guard let since = link.awaitedSince, let proof = proof(link, since) else { continue }
            link.awaitedSince = nil
            backoff.reset()
            tell(.taken(link.id, proof))
        }
    }

    private func proof(_ link: SocketLink, _ since: Int64) -> TakenProof? {
        func assumed(after pause: Int64) -> TakenProof? { now - since >= pause ? .assumed : nil }
        guard let ours = link.ours, let theirs = link.theirs else { return .gone }
        switch setting.pace {
        case .pause(let pause): return assumed(after: pause)
        case .acked: return link.isAcknowledged ? .assumed : nil
        case .drained:
            switch setting.watch.serverEnd(ours: ours, theirs: theirs, of: link.socket) {
            case .open(let end):
                if end.hasTaken(link.bytesSent) { return .proven }
                // A server may leave what comes there until it has something to say.
                guard link.isAccepted, interpreter.isRelayed(link.id) else { return nil }
                let patience = 10 * interpreter.timing.quietWindow
                return hasPassed(since + patience) ? .assumed : nil
            case .gone: return .gone
            case .hidden: return link.isAcknowledged ? assumed(after: Pace.standardPause) : nil
            }
        }
    }
}
