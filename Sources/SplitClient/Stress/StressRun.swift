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
    var nextAsking: Int64 = 0
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
