// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix

/// Whether a server has taken what was sent to it.
extension SocketWorld {
    /// What the servers are seen to have taken, where that is waited for.
    func taken() -> [(link: SocketLink, proof: TakenProof)] {
        links.compactMap { link in
            link.awaitedSince.flatMap { proof(link, $0) }.map { (link, $0) }
        }
    }

    func tell(_ taken: [(link: SocketLink, proof: TakenProof)]) {
        for (link, proof) in taken where link.awaitedSince != nil {
            link.awaitedSince = nil
            backoff.found()
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
            switch setting.watch.serverEnd(
                ours: ours, theirs: theirs, of: link.socket,
                hasAllCome: link.cameUpTo >= link.bytesSent)
            {
            case .open(let end):
                link.cameUpTo = end.bytesReceived
                if end.hasTaken(link.bytesSent) { return .proven }
                if isLeft(link, end) { return .left }
                // A server may leave what comes there until it has something to say.
                guard link.isAccepted, interpreter.isRelayed(link.id) else { return nil }
                let patience = 10 * interpreter.timing.quietWindow
                return hasPassed(since + patience) ? .assumed : nil
            case .gone: return .gone
            case .hidden: return link.isAcknowledged ? assumed(after: Pace.standardPause) : nil
            }
        }
    }

    /// Whether the server leaves what has come there until the rest of the message comes.
    ///
    /// Only where it has all that we sent, and what it has not read can be part of a message: who
    /// leaves a whole one, an end, or a connection that it has not accepted, is slow or blocked.
    private func isLeft(_ link: SocketLink, _ end: PeerEnd) -> Bool {
        let part = interpreter.partWritten(on: link.id)
        guard link.isOpen, !link.hasShutDown, end.isHeld, end.bytesReceived >= link.bytesSent,
            end.receiveQueue > 0, end.receiveQueue <= part
        else {
            link.unread = nil
            return false
        }
        if let unread = link.unread, unread.count == end.receiveQueue {
            return hasPassed(unread.since + interpreter.partPatience)
        }
        link.unread = (count: end.receiveQueue, since: now)
        return false
    }
}
