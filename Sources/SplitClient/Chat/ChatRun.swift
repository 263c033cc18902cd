// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// Runs a chat machine over sockets and a console.
///
///     talking ──▶ finishing (our direction has ended, or will) ──▶ over
///        └──────────────────────────────────────────────────────────▲
final class ChatRun {
    private final class Link {
        let socket: Socket
        let token: Poller.Token
        let writer: CutWriter
        var scanner: MessageScanner
        var pending: [UInt8] = []
        var waitsForRoom = false

        init(
            _ socket: Socket, _ token: Poller.Token, _ writer: CutWriter, _ borders: MessageBorders
        ) {
            self.socket = socket
            self.token = token
            self.writer = writer
            scanner = MessageScanner(borders)
        }
    }

    private enum Finishing: Equatable {
        case no
        /// All that was said is still to leave.
        case sending
        case waiting(until: Int64)
    }

    private var machine: any ChatMachine
    private let options: ChatOptions
    private let console: any ChatConsole
    private let signals: Signals?
    private let watch = TakenWatch()

    private var poller = Poller()
    private var main: Link
    private var back: Link?
    private var listener: (listener: Listener, token: Poller.Token)?
    private var signalToken: Poller.Token?
    private let consoleToken: Poller.Token
    private var finishing = Finishing.no
    private var isLeaving = false
    /// Which answer lines wait for, and until when.
    private var waiting: (answer: Int, end: Int64)?
    private var inputHasEnded = false
    private var outcome: ChatOutcome?
    private var backoff = Backoff(immediate: 20)
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    /// Bytes of a message without an end in sight after which a server is given up.
    static let longestMessage = 16 << 20

    /// `socket` must be connected.
    init(
        _ socket: Socket, _ options: ChatOptions, console: any ChatConsole, signals: Signals?
    ) throws(SystemCallError) {
        self.options = options
        self.console = console
        self.signals = signals
        machine = options.machine
        let writer = try CutWriter(socket, plan: options.plan, pace: options.pace, watch: watch)
        main = Link(socket, poller.add(socket.descriptor, .readable), writer, machine.borders)
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

    // MARK: One turn

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
        while let signal = try signals?.next() {
            if signal == .windowChanged {
                console.resized()
            } else {
                outcome = .interrupted
            }
        }
    }

    /// Sends what may be sent; how long to wait for anything else, `nil` where the run is over.
    private func pump() throws(SystemCallError) -> Int64? {
        var wait = Int64.max
        for link in [main, back].compactMap({ $0 }) {
            let need = try link.writer.advance()
            setWaitsForRoom(link, need == .room)
            switch need {
            case .nothing, .room: break
            case .look: wait = min(wait, backoff.next())
            case .time(let moment): wait = min(wait, max(0, moment - MonotonicClock.now))
            case .reset: if try isOver(afterResetOf: link) { return nil }
            }
        }
        try finishIfSent()
        if case .waiting(let end) = finishing { wait = min(wait, max(0, end - MonotonicClock.now)) }
        return wait
    }

    private func isOver(afterResetOf link: Link) throws(SystemCallError) -> Bool {
        // What came before the reset, perhaps the reason, can still be read.
        try receive(link, link === main ? .main : .back)
        if link === main { serverGone() }
        return outcome != nil
    }

    private func setWaitsForRoom(_ link: Link, _ waits: Bool) {
        guard link.waitsForRoom != waits else { return }
        link.waitsForRoom = waits
        poller.update(link.token, waits ? [.readable, .writable] : .readable)
    }

    private func finishIfSent() throws(SystemCallError) {
        guard finishing == .sending, main.writer.hasLeft else { return }
        try main.socket.shutdownWrite()
        finishing = .waiting(until: MonotonicClock.deadline(after: options.wait))
    }

    /// How long lines may still wait for an answer.
    private func goOnIfOverdue() throws(SystemCallError) -> Int64 {
        guard !machine.takesLines else {
            waiting = nil
            return .max
        }
        let answer = machine.awaitedAnswers
        let now = MonotonicClock.now
        let end = waiting?.answer == answer ? waiting?.end : nil
        guard let end, end <= now else {
            let end = end ?? MonotonicClock.deadline(after: options.wait)
            waiting = (answer, end)
            return end == .max ? .max : end - now
        }
        // It is told once for each answer.
        waiting = (answer, .max)
        try perform(machine.answerIsOverdue())
        return 0
    }

    // MARK: In

    private func readConsole(_ ready: Readiness) throws(SystemCallError) {
        if ready.isInvalid { return try endInput([]) }
        switch try console.read() {
        case .lines(let lines): try type(lines)
        case .end(let last): try endInput(last)
        }
    }

    private func type(_ lines: [[UInt8]]) throws(SystemCallError) {
        for line in lines where outcome == nil { try perform(machine.typed(line)) }
    }

    private func endInput(_ last: [[UInt8]]) throws(SystemCallError) {
        inputHasEnded = true
        try type(last)
        try perform(machine.inputEnded())
    }

    private func receive(_ link: Link, _ name: ChatLink) throws(SystemCallError) {
        switch try link.socket.receive(into: buffer) {
        case .processed(let count):
            link.pending += buffer[..<count]
            try hear(link, name)
        case .wouldBlock: break
        case .endOfStream, .reset:
            guard name == .main else { return drop(link) }
            serverGone()
        }
    }

    private func hear(_ link: Link, _ name: ChatLink) throws(SystemCallError) {
        var start = 0
        while outcome == nil {
            let found = link.pending.withUnsafeBytes { link.scanner.next(in: $0, from: start) }
            guard let found else { break }
            start = found.end
            try perform(machine.received(Array(link.pending[found.content]), on: name))
        }
        link.pending.removeFirst(start)
        if link.pending.count > Self.longestMessage { outcome = .endlessMessage }
    }

    /// A connection that the server made, and ended.
    private func drop(_ link: Link) {
        poller.remove(link.token)
        link.socket.close()
        back = nil
    }

    private func serverGone() {
        guard outcome == nil else { return }
        outcome = isLeaving || finishing != .no ? .asWished : .serverGone
    }

    // MARK: Out

    private func perform(_ effects: [ChatEffect]) throws(SystemCallError) {
        for effect in effects where outcome == nil {
            switch effect {
            case .send(let message, let link):
                // After a connection is gone nobody waits for what would have gone there.
                guard let writer = link == .main ? main.writer : back?.writer else { continue }
                writer.append(message)
                if link == .back { writer.release() }
            case .show(let text): console.show(HarmlessText.lines(text))
            case .ask(let prompt): console.ask(prompt)
            case .listen: try listen()
            case .leave: isLeaving = true
            case .finish:
                main.writer.release()
                if finishing == .no { finishing = .sending }
            case .end(.asWished): outcome = .asWished
            case .end(.refused): outcome = .refused
            }
        }
    }

    // MARK: The server's own connection

    private func listen() throws(SystemCallError) {
        let host = try main.socket.localAddress().host.everyAddress
        let listener = try Listener(on: SocketAddress(host, port: 0))
        self.listener = (listener, poller.add(listener.descriptor, .readable))
        try perform(machine.listening(at: listener.localAddress.port))
    }

    private func accept(_ listener: Listener) throws(SystemCallError) {
        guard case .accepted(let socket, _) = try listener.accept() else { return }
        // The one who was told the port has come; nobody else is expected.
        if let token = self.listener?.token { poller.remove(token) }
        self.listener = nil
        try socket.setNoDelay(true)
        let writer = try CutWriter(socket, plan: options.plan, pace: options.pace, watch: watch)
        back = Link(socket, poller.add(socket.descriptor, .readable), writer, machine.borders)
    }
}

/// How a chat has ended.
enum ChatOutcome: Equatable {
    case asWished
    case refused
    case serverGone
    case endlessMessage
    case interrupted
    case failed(SystemCallError)
}
