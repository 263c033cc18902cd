// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// Many clients of one server, in one thread on `epoll(7)`.
///
///     entering ──▶ talking ──▶ probing ──▶ settling ──▶ parting ──▶ over
///         └───────────┴───────────┴────────────┴───────────┴──▶ failed
///
/// Rules:
/// - Clients enter one after the other: each is logged in before the next connects. Only the talk
///   is simultaneous.
/// - Everyone reads all the time, in every phase.
/// - When all is said, each client asks something (a probe), so that whatever it said was handled.
///   What was overtaken by a later message of its sender and does not come in a quiet time
///   afterwards is lost; what just has not come is lost when nothing due came for `--timeout`.
/// - When all that is due has come, nothing more may: for `quiet` nothing comes at all. Then all
///   clients end their sides of the connections, and read until the server has ended its own, or
///   nothing has come for `quiet` once more. Nobody is failed for the time this takes.
/// - When nothing due has come for `patience`, messages that have been on their way for so long stop
///   holding up their senders; they are not lost for that.
final class StressRun<Dialect: StressDialect> {
    enum Phase: Equatable {
        case entering(client: Int, step: Int, since: Int64)
        case talking
        case probing(since: Int64)
        case settling(since: Int64)
        case parting(since: Int64)
        case over
        case failed(StressFailure)
    }

    enum Owner {
        case nobody
        case connection(Int)
        case listener
        case signals
    }

    let options: StressOptions
    let dialect: Dialect
    let names: StressNames
    let groups: StressGroups
    let text: StressText
    let address: SocketAddress
    let watch = TakenWatch()
    let reading = PartReading()
    let signals: Signals?
    let report: (StressProgress) -> Void

    var phase: Phase
    var connections: [StressConnection] = []
    /// The connection on which each client sends.
    var ownConnection: [Int] = []
    var poller = EventPoller()
    var owners: [Owner] = []
    var listener: Listener?
    var listenerToken: Poller.Token?

    var talk: StressTalk
    var isInterrupted = false

    /// Connections whose writers have something to do.
    var active: [Int] = []
    var finished = 0
    var isFinished: [Bool]
    /// How many connections have ended, when all part.
    var parted = 0
    /// How much of each client's stream had been cut when the talk began.
    var talkOffsets: [Int] = []

    var began: Int64 = 0
    /// Whether the talk stopped because nothing that was due came any more.
    var hasGivenUp = false
    /// When the poller may be asked again without waiting for it.
    private var nextAsking: Int64 = 0
    var nextTick: Int64 = 0
    var nextReport: Int64 = 0
    var scratch: [UInt8] = []
    var backoff = Backoff(immediate: 20)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    /// Bytes of a message without an end in sight after which a server is given up.
    static var longestMessage: Int { 16 << 20 }
    /// How often time-outs are looked at.
    static var tick: Int64 { 50_000_000 }
    static var patience: Int64 { 250_000_000 }
    /// How long it must be quiet at the end: for nothing more to come, and for what was overtaken.
    static var quiet: Int64 { 200_000_000 }
    static var longQuiet: Int64 { 1_000_000_000 }
    static var reportPause: Int64 { 200_000_000 }
    static var longestDeafness: Int64 { 1_000_000 }

    init(
        _ options: StressOptions, _ dialect: Dialect, names: StressNames, groups: StressGroups,
        address: SocketAddress, signals: Signals?, report: @escaping (StressProgress) -> Void
    ) {
        self.options = options
        self.dialect = dialect
        self.names = names
        self.groups = groups
        self.address = address
        self.signals = signals
        self.report = report
        text = StressText(size: options.size, alphabet: options.alphabet, seed: options.seed)
        let windows = SendWindows(
            clients: options.connections,
            window: max(options.window, options.plan?.joinedMessages ?? 1),
            needsConfirmation: dialect.confirms)
        talk = StressTalk(
            text: text, names: names, groups: groups, windows: windows,
            hasOneOrder: dialect.hasOneOrder)
        isFinished = Array(repeating: false, count: options.connections)
        phase = .entering(client: -1, step: 0, since: 0)
    }

    deinit { buffer.deallocate() }

    /// Runs to the end; to be called once.
    func run() -> Phase {
        TimerSlack.shorten()
        do throws(SystemCallError) {
            if let signals { own(poller.add(signals.descriptor, .readable), .signals) }
            try enterNext(after: -1)
            while true {
                switch phase {
                case .entering, .talking, .probing, .settling, .parting: try turn()
                case .over, .failed: return phase
                }
            }
        } catch {
            fail(.system(error))
            return phase
        }
    }

    func own(_ token: Poller.Token, _ owner: Owner) {
        while owners.count <= token.index { owners.append(.nobody) }
        owners[token.index] = owner
    }

    func fail(_ failure: StressFailure) { phase = .failed(failure) }

    // MARK: One turn

    private func turn() throws(SystemCallError) {
        let count = try ask(try pumpAll())
        if count > 0 { backoff.reset() }
        for index in 0..<count {
            let ready = poller.ready(index)
            switch owners[ready.token.index] {
            case .nobody: break
            case .connection(let connection): try serve(connection, ready)
            case .listener: try acceptCallback()
            case .signals: isInterrupted = true
            }
        }
        if isInterrupted { return phase = .over }
        try refillDirty()
        let now = MonotonicClock.now
        if now >= nextTick {
            nextTick = now + Self.tick
            try tick(now)
        }
    }

    /// How many connections have something for us, at the latest after so long.
    ///
    /// Asking costs as much as all connections together. While segments follow each other, which
    /// takes less, half of the time at most goes into that.
    private func ask(_ wait: Int64) throws(SystemCallError) -> Int {
        let before = MonotonicClock.now
        guard wait > 0 || before >= nextAsking else { return 0 }
        let count = try poller.wait(nanoseconds: wait)
        let after = MonotonicClock.now
        nextAsking = wait > 0 ? after : after + min(after - before, Self.longestDeafness)
        return count
    }

    /// Has all writers do what they can; how long to wait for anything else.
    private func pumpAll() throws(SystemCallError) -> Int64 {
        var wait = max(0, nextTick - MonotonicClock.now)
        guard !active.isEmpty else { return wait }
        let indexes = active
        active.removeAll(keepingCapacity: true)
        var hasToLook = false
        for index in indexes {
            connections[index].isActive = false
            switch try pump(index) {
            case .nothing, .room, .reset: break
            case .look: hasToLook = true
            case .time(let moment): wait = min(wait, max(0, moment - MonotonicClock.now))
            }
        }
        return hasToLook ? min(wait, backoff.next()) : wait
    }

    /// Has one writer do what it can.
    @discardableResult
    func pump(_ index: Int) throws(SystemCallError) -> CutWriter.Need {
        let connection = connections[index]
        guard !connection.hasEnded else { return .nothing }
        let segments = connection.writer.tally.segments
        let need = try connection.writer.advance()
        if connection.writer.tally.segments > segments { backoff.reset() }
        if connection.writer.hasLeft, !connection.isCallback {
            talk.windows.departed(connection.client, at: connection.writer.lastDeparture)
        }
        setWaitsForRoom(connection, need == .room)
        switch need {
        case .nothing: break
        case .reset: disconnected(connection)
        case .room, .look, .time: activate(index)
        }
        return need
    }

    func activate(_ index: Int) {
        guard !connections[index].isActive else { return }
        connections[index].isActive = true
        active.append(index)
    }

    func setWaitsForRoom(_ connection: StressConnection, _ waits: Bool) {
        guard connection.waitsForRoom != waits, !connection.hasEnded else { return }
        connection.waitsForRoom = waits
        poller.update(connection.token, waits ? [.readable, .writable] : .readable)
    }

    private func serve(_ index: Int, _ ready: Readiness) throws(SystemCallError) {
        let connection = connections[index]
        if ready.isWritable, connection.waitsForRoom, !connection.outgoing.isEmpty {
            try flush(connection)
        }
        if ready.isReadable { try receive(index) }
    }

    private func tick(_ now: Int64) throws(SystemCallError) {
        if now >= nextReport {
            nextReport = now + Self.reportPause
            report(progress(now))
        }
        switch phase {
        case .entering(let client, _, let since):
            if now - since > options.timeout { fail(.noAnswer(client: client)) }
        case .talking: try tickTalking(now)
        case .probing(let since): tickProbing(now, since)
        case .settling(let since): try tickSettling(now, since)
        case .parting(let since): tickParting(now, since)
        case .over, .failed: break
        }
    }

    func progress(_ now: Int64) -> StressProgress {
        let entered: Int =
            if case .entering(let client, _, _) = phase { client } else { options.connections }
        return StressProgress(
            entered: entered, connections: options.connections,
            sent: talk.windows.sent.reduce(0, +), messages: options.connections * options.messages,
            arrived: talk.ledger.arrived, wrong: talk.findings.wrong,
            nanoseconds: began == 0 ? 0 : now - began)
    }
}

/// Why a run could not be made.
enum StressFailure: Error, Equatable {
    case cannotConnect(client: Int, SystemCallError)
    case refused(client: Int, answer: [UInt8])
    case noAnswer(client: Int)
    case closed(client: Int)
    case system(SystemCallError)
}

/// How far a run has come.
struct StressProgress: Equatable {
    var entered: Int
    var connections: Int
    var sent: Int
    var messages: Int
    var arrived: Int
    var wrong: Int
    var nanoseconds: Int64
}
