// SPDX-License-Identifier: Apache-2.0

import Arguments
import Posix

/// Sends an input to a server, segment by segment, and prints what comes back meanwhile.
///
/// Rules:
/// - The input is read only when every segment of what was read before has left and is taken: what
///   is held is one block, and the messages that a plan joins.
/// - Our direction ends when the input has ended and its last segment is taken.
/// - The run ends with the server's direction. Where that ends first, what is left of the input is
///   sent all the same, as a server may have closed one direction only; one that has closed both
///   answers with a reset, unless nothing was left.
final class PipeRun {
    private let socket: Socket
    private let streams: Streams
    private let watch: TakenWatch
    private let ours: SocketAddress
    private let theirs: SocketAddress
    private let writer: CutWriter

    /// What the next segment waits for.
    private var need = CutWriter.Need.nothing
    private var inputHasEnded = false
    private var hasEnded = false
    private var serverHasEnded = false
    private var isPrinting = true
    private var end: PipeEnd?
    private var bytesReceived = 0

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
        ours = try socket.localAddress()
        theirs = try socket.remoteAddress()
        writer = CutWriter(
            socket, ours: ours, theirs: theirs,
            SegmentQueue(plan: options.plan, framing: options.framing), pace: options.pace,
            watch: watch)
        socketToken = poller.add(socket.descriptor, .readable)
        inputToken = poller.add(streams.input.number, .readable)
    }

    deinit { buffer.deallocate() }

    var tally: PipeTally {
        PipeTally(
            cuts: writer.tally, bytesSent: writer.bytesSent, bytesReceived: bytesReceived)
    }

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
        guard !hasEnded else { return }
        let segments = writer.tally.segments
        need = try writer.advance()
        if writer.tally.segments > segments { backoff = Self.freshBackoff }
        switch need {
        case .reset: try receiveLastWords()
        case .nothing: if inputHasEnded { try endOurDirection() }
        case .room, .look, .time: break
        }
    }

    private func endOurDirection() throws(SystemCallError) {
        // A reset that nobody has read is lost once we have ended our direction ourselves.
        if case .failed = socket.connectionResult() { return try receiveLastWords() }
        try socket.shutdownWrite()
        hasEnded = true
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

    private var wantsInput: Bool { need == .nothing && !inputHasEnded }

    private var socketInterest: Interest {
        var interest: Interest = serverHasEnded ? [] : .readable
        if need == .room { interest.insert(.writable) }
        return interest
    }

    /// How long nothing has to be done unless a descriptor becomes ready.
    private var pause: Int64? {
        switch need {
        case .look: backoff.next()
        case .time(let moment): max(0, moment - MonotonicClock.now)
        case .nothing where serverHasEnded && !hasEnded: isStillOpen ? Self.nextLook : 0
        case .nothing, .room, .reset: nil
        }
    }

    /// Whether a server that has ended its direction may still read.
    ///
    /// Of one that cannot be seen a reset tells that it does not, once something is sent.
    private var isStillOpen: Bool {
        switch watch.serverEnd(ours: ours, theirs: theirs) {
        case .open(let end): end.isHeld
        case .hidden: true
        case .gone: false
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
            writer.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        case .wouldBlock: break
        case .endOfStream, .reset: endInput()
        }
    }

    private func endInput() {
        inputHasEnded = true
        writer.end()
    }

    /// The connection has been reset; what came before, perhaps the reason, can still be read.
    private func receiveLastWords() throws(SystemCallError) {
        var before = -1
        while !serverHasEnded, end == nil, before < bytesReceived {
            before = bytesReceived
            try receive()
        }
        end = .reset
    }

    private func receive() throws(SystemCallError) {
        switch try socket.receive(into: buffer) {
        case .processed(let count):
            bytesReceived += count
            guard isPrinting else { return }
            // Who no longer reads our output may still want the server to get all of the input.
            isPrinting = try streams.print([UInt8](buffer[..<count])) == .written
        case .wouldBlock: break
        case .endOfStream:
            serverHasEnded = true
            if hasEnded { end = .closed }
        case .reset: end = .reset
        }
    }
}
