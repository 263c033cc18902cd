// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// Whether servers are busy with what was written to them long ago.
///
/// Rules:
/// - What was written is looked at for the first time a quarter of a second later, and from then on
///   as often, until the server has read it all: a brisk scenario is never looked at.
/// - Only reading counts that was seen to go on between two looks. A server that leaves unread what
///   it has, or has read everything and says nothing, is waited for no longer than ever.
extension SocketWorld {
    static var readingPause: Int64 { 250_000_000 }

    /// Tells the interpreter where a server is in the middle of what it was sent.
    func lookForReading() {
        guard let nextLook, now >= nextLook else { return }
        var goesOn = false
        for link in links where link.isUnread { goesOn = look(link) || goesOn }
        let isAnyUnread = links.contains { $0.isUnread }
        self.nextLook = isAnyUnread ? now + Self.readingPause : nil
        if goesOn { tell(.reading) }
    }

    /// Whether the server has read something since the last look.
    private func look(_ link: SocketLink) -> Bool {
        guard let ours = link.ours, let theirs = link.theirs,
            case .open(let end) = setting.watch.serverEnd(
                ours: ours, theirs: theirs, of: link.socket)
        else {
            link.isUnread = false
            link.readUpTo = nil
            return false
        }
        let read = end.bytesReceived - min(end.bytesReceived, UInt64(max(end.receiveQueue, 0)))
        let goesOn = link.readUpTo.map { read > $0 } ?? false
        link.isUnread = !end.hasTaken(link.bytesSent)
        link.readUpTo = link.isUnread ? read : nil
        return goesOn
    }
}
