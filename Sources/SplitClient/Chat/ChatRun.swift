// SPDX-License-Identifier: Apache-2.0

import Posix

/// Runs a chat machine over sockets and a console.
///
///     talking ──▶ finishing (our direction has ended, or will) ──▶ over
///        └──────────────────────────────────────────────────────────▲
final class ChatRun {
    enum Finishing: Equatable {
        case no
        /// All that was said is still to leave.
        case sending
        case waiting(until: Int64)
    }

    var machine: any ChatMachine
    let options: ChatOptions
    let console: any ChatConsole
    private let signals: Signals?
    let watch = TakenWatch()

    var poller = Poller()
    let main: ChatConnection
    /// The connection that the server has made.
    var back: ChatConnection?
    /// Where the server is to connect to.
    var listener: (listener: Listener, token: Poller.Token)?
    private var signalToken: Poller.Token?
    private let consoleToken: Poller.Token
    var finishing = Finishing.no
    /// Whether the server was asked to end the connection.
    var isLeaving = false
    private var answering: Patience
    /// The server's time to take what was said.
    var taking: Patience
    var inputHasEnded = false
    var outcome: ChatOutcome?
    var backoff = Backoff(immediate: 20)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    /// Bytes of a message without an end in sight after which a server is given up.
    static let longestMessage = 16 << 20

    /// `socket` must be connected.
    init(
        _ socket: Socket, _ options: ChatOptions, console: any ChatConsole, signals: Signals?
    ) throws(SystemCallError) {
        self.options = options
        self.console = console
        self.signals = signals
        answering = Patience(options.wait)
        taking = Patience(options.wait)
        machine = options.machine
        let writer = try CutWriter(socket, plan: options.plan, pace: options.pace, watch: watch)
        main = ChatConnection(
            socket, poller.add(socket.descriptor, .readable), writer, machine.borders)
        consoleToken = poller.add(console.descriptor, .readable)
        signalToken = signals.map { poller.add($0.descriptor, .readable) }
    }

    deinit { buffer.deallocate() }

    var tally: CutTally {
        var tally = main.writer.tally
        if let back { tally += back.writer.tally }
        return tally
    }

    /// Runs to the end; to be called once.
    func run() -> ChatOutcome {
        do throws(SystemCallError) {
            try perform(machine.connected())
            while true {
                if let outcome { return outcome }
                console.settle()
                try turn()
            }
        } catch {
            return .failed(error)
        }
    }

    private func turn() throws(SystemCallError) {
        guard var wait = try pump() else { return }
        wait = min(wait, try goOnIfOverdue())
        // What cannot be sent yet stays in the pipe: little of a long input is ever held.
        let isFull = console.mayWait && !(main.writer.hasLeft && machine.takesLines)
        poller.setPaused(consoleToken, inputHasEnded || isFull)
        let count = try poller.wait(nanoseconds: wait == .max ? nil : wait)
        if count > 0 { backoff.reset() }
        if case .waiting(let end) = finishing, MonotonicClock.now >= end { outcome = .asWished }
        for index in 0..<count where outcome == nil { try serve(poller.ready(index)) }
    }

    private func serve(_ ready: Readiness) throws(SystemCallError) {
        if ready.token == consoleToken {
            try readConsole(ready)
        } else if ready.token == main.token {
            if ready.isReadable { try receive(main, .main) }
        } else if let back, ready.token == back.token {
            if ready.isReadable { try receive(back, .back) }
        } else if ready.token == signalToken {
            try takeSignals()
        } else if let listener, ready.token == listener.token {
            try accept(listener.listener)
        }
    }

    private func takeSignals() throws(SystemCallError) {
        var goesOn = false
        while let signal = try signals?.next() {
            switch signal {
            case .windowChanged: console.resized()
            case .terminalStop:
                console.pause()
                signals?.stop()
                goesOn = true
            // The one that ends a stop is taken in this loop as well.
            case .continued: goesOn = true
            default: outcome = .interrupted
            }
        }
        if goesOn, outcome == nil { console.resume() }
    }

    /// Whether a person is there who can end what never ends by itself.
    var isAttended: Bool { !inputHasEnded && !console.mayWait }

    /// How long lines may still wait for an answer: to a request that has left.
    private func goOnIfOverdue() throws(SystemCallError) -> Int64 {
        guard !machine.takesLines, main.writer.hasLeft else {
            answering.stop()
            return .max
        }
        if let left = answering.left(for: machine.awaitedAnswers) { return left }
        try perform(machine.answerIsOverdue(isAttended: isAttended))
        return 0
    }
}
