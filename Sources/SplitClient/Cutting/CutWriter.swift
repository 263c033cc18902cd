// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// Sends messages on one connection as a plan cuts them, each segment when its time has come.
///
///     idle ──▶ writing ──▶ waiting (until the server has taken the segment) ──▶ idle
///       └─────▶ dead      (the server has reset the connection)
///
/// Two messages never share a segment but under plans that join them. A receiver that leaves a part
/// of a message unread until the rest has come is not waited for without end (`PartReading`): the
/// next segment leaves, and the cut is not proven. `advance` does what can be done now, and says
/// what to wait for.
final class CutWriter {
    enum Need: Equatable {
        /// Nothing is left to do.
        case nothing
        /// The kernel takes no more: wait until the socket is writable.
        case room
        /// Look again in a moment: nothing announces that a server has taken a segment.
        case look
        /// Nothing can be done before this moment.
        case time(Int64)
        /// The connection was reset.
        case reset
    }

    private enum State: Equatable {
        case idle
        case writing(Segment)
        case waiting(Segment, since: Int64)
        case dead
    }

    private let socket: Socket
    private let pace: Pace
    private var receiver: ReceiverWatch
    private var queue: SegmentQueue
    private var outgoing = SendQueue()
    private var state = State.idle
    private(set) var bytesSent = 0
    private(set) var tally = CutTally()
    /// When the last segment of all that was appended left, on the monotonic clock.
    private(set) var lastDeparture: Int64 = 0

    /// `socket` must be connected.
    convenience init(
        _ socket: Socket, plan: CutPlan, pace: Pace, watch: TakenWatch,
        reading: PartReading = PartReading()
    ) throws(SystemCallError) {
        self.init(
            socket, ours: try socket.localAddress(), theirs: try socket.remoteAddress(),
            SegmentQueue(plan: plan, framing: nil), pace: pace, watch: watch, reading: reading)
    }

    /// Sends what `queue` makes of the input, between these two ends of the connection: one that is
    /// gone already no longer tells them.
    init(
        _ socket: Socket, ours: SocketAddress, theirs: SocketAddress, _ queue: SegmentQueue,
        pace: Pace, watch: TakenWatch, reading: PartReading = PartReading()
    ) {
        self.socket = socket
        self.queue = queue
        self.pace = pace
        receiver = ReceiverWatch(
            socket, ours: ours, theirs: theirs, watch: watch, reading: reading)
    }

    /// How many bytes of the stream the plan has cut.
    var streamOffset: Int { queue.streamOffset }

    func append(_ message: MessageToCut) {
        queue.append(message)
        tally.planned = queue.plannedCuts
    }

    /// Lets go what a joining plan holds back.
    func release() {
        queue.release()
        tally.planned = queue.plannedCuts
    }

    /// Whether all that was let go has left.
    var hasLeft: Bool {
        switch state {
        case .idle, .waiting: queue.isEmpty
        case .writing: false
        case .dead: true
        }
    }

    /// Whether only the last segment is waited for, which ends in no cut: until more is appended,
    /// nobody needs to know whether the server has taken it.
    var owesNothing: Bool {
        guard case .waiting(let segment, _) = state else { return false }
        return queue.isEmpty && !segment.endsInCut
    }

    func advance() throws(SystemCallError) -> Need {
        while true {
            switch state {
            case .idle:
                guard let segment = queue.takeNext() else { return .nothing }
                segment.bytes.withUnsafeBytes { outgoing.append($0) }
                state = .writing(segment)
            case .writing(let segment):
                switch try outgoing.flush(to: socket) {
                case .pending: return .room
                case .reset: state = .dead
                case .drained: depart(segment)
                }
            case .waiting(let segment, let since):
                if let need = need(segment, since) { return need }
                state = .idle
            case .dead:
                return .reset
            }
        }
    }

    private func depart(_ segment: Segment) {
        tally.segments += 1
        bytesSent += segment.bytes.count
        let now = MonotonicClock.now
        if queue.isEmpty { lastDeparture = now }
        receiver.noteDeparture()
        state = .waiting(segment, since: now)
    }

    /// What the next segment waits for; `nil` where it may leave.
    private func need(_ segment: Segment, _ since: Int64) -> Need? {
        switch pace {
        case .pause(let pause): return remaining(of: pause, segment, since)
        case .drained:
            switch receiver.look(for: segment, sent: bytesSent) {
            case .notYet: return .look
            case .taken: if segment.endsInCut { tally.proven += 1 }
            case .left: tally.left += 1
            case .gone: break
            case .hidden: return remaining(of: Pace.standardPause, segment, since)
            }
            return nil
        }
    }

    /// A number that grows as the kernel takes bytes, and as the receiver is seen to read them.
    func progress() -> Int {
        guard case .writing(let segment) = state else { return bytesSent + receiver.bytesRead }
        let given = bytesSent + segment.bytes.count - outgoing.count
        receiver.lookAtBytes(given: given)
        return given + receiver.bytesRead
    }

    private func remaining(of pause: Int64, _ segment: Segment, _ since: Int64) -> Need? {
        let end = since + pause
        guard MonotonicClock.now >= end else { return .time(end) }
        if segment.endsInCut { tally.assumed += 1 }
        return nil
    }
}

// MARK: A stream

extension CutWriter: StreamWriter {
    var takesMore: Bool {
        switch state {
        case .idle, .waiting: queue.isEmpty
        case .writing: false
        case .dead: true
        }
    }

    /// No more than some segments are, as far as their length is known.
    ///
    /// What has been read and not left is what nobody but us knows of: the source sees no more of
    /// it, and takes the receiver for silent as long as it lasts. It is more where each block that
    /// is read is a message.
    var appetite: Int {
        guard !queue.dependsOnBlocks else { return Self.mostAppetite }
        let average = tally.segments == 0 ? 1 : bytesSent / tally.segments
        return min(max(Self.segmentsAtOnce * average, Self.leastAppetite), Self.mostAppetite)
    }

    private static let segmentsAtOnce = 16
    private static let leastAppetite = 64
    private static let mostAppetite = 2048

    var isHolding: Bool { queue.isHolding }

    var isDone: Bool { state == .idle && queue.isEmpty }

    func append(_ bytes: UnsafeRawBufferPointer) {
        queue.append([UInt8](bytes)[...])
        tally.planned = queue.plannedCuts
    }

    func end() {
        queue.end()
        tally.planned = queue.plannedCuts
    }

    func flush() { queue.flush() }

    var waitingCuts: Int {
        guard case .writing(let segment) = state else { return queue.waitingCuts }
        return queue.waitingCuts + (segment.endsInCut ? 1 : 0)
    }

    func takeRecord() -> CutRecord { queue.takeRecord() }
}
