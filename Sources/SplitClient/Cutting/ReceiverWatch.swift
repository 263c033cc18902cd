// SPDX-License-Identifier: Apache-2.0

import Posix

/// What the other end of one connection has done with what was sent, as far as we see that end.
struct ReceiverWatch {
    enum Sight {
        /// All that was sent has been read.
        case taken
        /// It leaves what has come until the rest of the message comes.
        case left
        case notYet
        case gone
        case hidden
    }

    private let socket: Socket
    private let ours: SocketAddress
    private let theirs: SocketAddress
    private let watch: TakenWatch
    private let reading: PartReading
    /// How many bytes were seen to have come there, read or not.
    private var cameUpTo: UInt64 = 0
    /// How many of them were seen to have been read.
    private(set) var bytesRead = 0
    /// What of the last segment's message has come and lies unread, and since when it is as much.
    private var unread: (count: Int, since: Int64)?

    init(
        _ socket: Socket, ours: SocketAddress, theirs: SocketAddress, watch: TakenWatch,
        reading: PartReading
    ) {
        self.socket = socket
        self.ours = ours
        self.theirs = theirs
        self.watch = watch
        self.reading = reading
    }

    /// Another segment has left: what lies there is no longer the last one's.
    mutating func noteDeparture() { unread = nil }

    /// What has become of the last segment, with which so many bytes were sent in all.
    mutating func look(for segment: Segment, sent: Int) -> Sight {
        switch watch.serverEnd(
            ours: ours, theirs: theirs, of: socket, hasAllCome: cameUpTo >= UInt64(sent))
        {
        case .open(let end):
            note(end)
            guard end.hasTaken(UInt64(sent)) else {
                return isLeft(segment, end, sent: sent) ? .left : .notYet
            }
            if segment.part > 0 { reading.noteTaken() }
            return .taken
        case .gone: return .gone
        case .hidden: return .hidden
        }
    }

    /// Looks how many bytes have been read, where the kernel has been given so many.
    ///
    /// Of a receiver that cannot be seen what its kernel acknowledges has to do.
    mutating func lookAtBytes(given: Int) {
        switch watch.serverEnd(ours: ours, theirs: theirs, of: socket) {
        case .open(let end): note(end)
        case .gone, .hidden: bytesRead = given - ((try? socket.unsentBytes()) ?? 0)
        }
    }

    private mutating func note(_ end: PeerEnd) {
        cameUpTo = end.bytesReceived
        bytesRead = Int(clamping: end.bytesReceived) - end.receiveQueue
    }

    /// Whether the receiver leaves what has come there until the rest of its message comes: only
    /// where all has come, and what lies there can be part of that message.
    private mutating func isLeft(_ segment: Segment, _ end: PeerEnd, sent: Int) -> Bool {
        guard end.isHeld, end.bytesReceived >= UInt64(sent),
            (1...).contains(end.receiveQueue), end.receiveQueue <= segment.part
        else {
            unread = nil
            return false
        }
        let now = MonotonicClock.now
        guard let unread, unread.count == end.receiveQueue else {
            self.unread = (end.receiveQueue, now)
            return false
        }
        guard now - unread.since >= reading.patience else { return false }
        reading.noteLeft()
        return true
    }
}
