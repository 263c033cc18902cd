// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Specs

/// Sends an input to a server, segment by segment, and prints what comes back meanwhile.
///
/// Our direction of the connection:
///
///     ready ──▶ writing ──▶ waiting (until the segment is taken) ──▶ ready
///       └─────▶ ended   (no segment left, and the input has ended)
///
/// Rules:
/// - The input is read only when every segment of what was read before has left: what is held is
///   one block, and the messages that a plan joins.
/// - The run ends with the server's direction. Where that ends first, what is left of the input is
///   sent all the same, as a server may have closed one direction only; one that has closed both
///   answers with a reset, unless nothing was left.
final class PipeRun {
    private enum Sending: Equatable {
        case ready
        case writing(Segment)
        case waiting(Segment, since: Int64)
        case ended
    }

    private let socket: Socket
    private let streams: Streams
    private let pace: Pace
    private let watch: TakenWatch
    private let ours: SocketAddress
    private let theirs: SocketAddress

    private var queue: SegmentQueue
    private var outgoing = SendQueue()
    private var sending = Sending.ready
    private var inputHasEnded = false
    private var serverHasEnded = false
    private var isPrinting = true
    private var end: PipeEnd?
    private(set) var tally = PipeTally()

    private var poller = Poller()
    private let inputToken: Poller.Token
    private let socketToken: Poller.Token
    private var backoff = PipeRun.freshBackoff
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    /// Most servers take a segment within microseconds: a sleep would last longer.
    private static let freshBackoff = Backoff(immediate: 20)

    /// `socket` must be connected.
    init(
        _ socket: Socket, _ options: PipeOptions, _ streams: Streams,
        watch: TakenWatch = TakenWatch()
    ) throws(SystemCallError) {
        self.socket = socket
        self.streams = streams
        self.watch = watch
        pace = options.pace
        queue = SegmentQueue(plan: options.plan, framing: options.framing)
        ours = try socket.localAddress()
        theirs = try socket.remoteAddress()
        socketToken = poller.add(socket.descriptor, .readable)
        inputToken = poller.add(streams.input.number, .readable)
    }

    deinit { buffer.deallocate() }

    /// Runs to the end of the connection; to be called once.
    func run() -> PipeEnd {
        do throws(SystemCallError) {
            while true {
                try advance()
                if let end { return end }
                try turn()
                if let end { return end }
            }
        } catch {
            return .failed(error)
        }
    }

    // MARK: Sending

    /// Does what can be done now for our direction.
    private func advance() throws(SystemCallError) {
        while end == nil {
            switch sending {
            case .ready:
                if let segment = queue.takeNext() {
                    segment.bytes.withUnsafeBytes { outgoing.append($0) }
                    sending = .writing(segment)
                } else if inputHasEnded {
                    return try endOurDirection()
                } else {
                    return
                }
            case .writing(let segment):
                guard try flush(segment) else { return }
            case .waiting(let segment, let since):
                guard isTaken(segment, since) else { return }
                backoff = Self.freshBackoff
                sending = .ready
            case .ended:
                return
            }
        }
    }

    /// `false` while the kernel takes no more.
    private func flush(_ segment: Segment) throws(SystemCallError) -> Bool {
        switch try outgoing.flush(to: socket) {
        case .pending: return false
        case .reset: try receiveLastWords()
        case .drained:
            tally.segments += 1
            tally.bytesSent += segment.bytes.count
            sending = .waiting(segment, since: MonotonicClock.now)
        }
        return true
    }

    /// Whether the next segment may leave; counts what this one's cut is worth.
    private func isTaken(_ segment: Segment, _ since: Int64) -> Bool {
        switch pace {
        case .pause(let pause):
            return isAssumed(segment, since, after: pause)
        case .drained:
            switch watch.serverEnd(ours: ours, theirs: theirs, of: socket) {
            case .open(let end):
                guard end.hasTaken(UInt64(tally.bytesSent)) else { return false }
                if segment.endsInCut { tally.provenCuts += 1 }
                return true
            case .gone: return true
            case .hidden: return isAssumed(segment, since, after: Pace.standardPause)
            }
        }
    }

    private func isAssumed(_ segment: Segment, _ since: Int64, after pause: Int64) -> Bool {
        guard MonotonicClock.now - since >= pause else { return false }
        if segment.endsInCut { tally.assumedCuts += 1 }
        return true
    }

    private func endOurDirection() throws(SystemCallError) {
        // A reset that nobody has read is lost once we have ended our direction ourselves.
        if case .failed = socket.connectionResult() { return try receiveLastWords() }
        try socket.shutdownWrite()
        sending = .ended
        if serverHasEnded { end = .closed }
    }

    // MARK: Waiting

    private func turn() throws(SystemCallError) {
        poller.setPaused(inputToken, !wantsInput)
        poller.update(socketToken, socketInterest)
        let count = try poller.wait(nanoseconds: pause)
        // The server is gone and the input is silent: nobody waits for it.
        if count == 0, serverHasEnded, wantsInput, !isStillOpen { return endInput() }
        for index in 0..<count where end == nil {
            let readiness = poller.ready(index)
            if readiness.token == inputToken {
                try readInput(readiness)
            } else if !serverHasEnded {
                if readiness.isReadable { try receive() }
            } else if readiness.isHangUp {
                end = .reset
            }
        }
    }

    private var wantsInput: Bool { sending == .ready && !inputHasEnded }

    private var socketInterest: Interest {
        var interest: Interest = serverHasEnded ? [] : .readable
        if case .writing = sending { interest.insert(.writable) }
        return interest
    }

    /// How long nothing has to be done unless a descriptor becomes ready.
    private var pause: Int64? {
        switch sending {
        case .waiting(_, let since):
            switch pace {
            case .drained: return backoff.next()
            case .pause(let pause): return max(0, since + pause - MonotonicClock.now)
            }
        case .ready where serverHasEnded: return isStillOpen ? Self.nextLook : 0
        case .ready, .writing, .ended: return nil
        }
    }

    /// Whether a server that has ended its direction may still read, as far as can be seen.
    private var isStillOpen: Bool {
        switch watch.serverEnd(ours: ours, theirs: theirs) {
        case .open(let end): end.isHeld
        case .gone, .hidden: false
        }
    }

    /// Nothing announces that a server whose direction has ended closes the other one, too.
    private static let nextLook: Int64 = 100_000_000

    // MARK: Reading

    private func readInput(_ readiness: Readiness) throws(SystemCallError) {
        // A standard input that was closed from the start has nothing to say.
        if readiness.isInvalid { return endInput() }
        guard readiness.isReadable else { return }
        switch try streams.input.read(into: buffer) {
        case .processed(let count):
            queue.append([UInt8](buffer[..<count])[...])
            tally.plannedCuts = queue.plannedCuts
        case .wouldBlock: break
        case .endOfStream, .reset: endInput()
        }
    }

    private func endInput() {
        inputHasEnded = true
        queue.end()
        tally.plannedCuts = queue.plannedCuts
    }

    /// The connection has been reset; what came before, perhaps the reason, can still be read.
    private func receiveLastWords() throws(SystemCallError) {
        var before = -1
        while !serverHasEnded, end == nil, before < tally.bytesReceived {
            before = tally.bytesReceived
            try receive()
        }
        end = .reset
    }

    private func receive() throws(SystemCallError) {
        switch try socket.receive(into: buffer) {
        case .processed(let count):
            tally.bytesReceived += count
            guard isPrinting else { return }
            // Who no longer reads our output may still want the server to get all of the input.
            isPrinting = try streams.print([UInt8](buffer[..<count])) == .written
        case .wouldBlock: break
        case .endOfStream:
            serverHasEnded = true
            if sending == .ended { end = .closed }
        case .reset: end = .reset
        }
    }
}
