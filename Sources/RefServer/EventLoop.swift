// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

/// Serves one machine on one thread: reads, feeds it, performs its effects, writes.
///
/// It knows no protocol. The files beside this one hold its parts: `Accepting`, `Reading`,
/// `Effects`, `Sharing` (of what has waited), `Closing`, `Connecting` (out), `Waiting` (for what is
/// ready), and `World`: time and storage; `ServerHelpers` is what threads do for it.
///
/// Rules:
/// - In one turn a connection is read once and written once, so that nobody is served alone and
///   what a turn causes for one client leaves in one call. More is read of one that speaks for many.
/// - Of what has waited a connection is sent a share in each turn, and all together a bounded sum.
/// - Effects are performed after each event, in their order; who is dropped by them is closed,
///   and its room told, before the next event.
/// - What a turn asks to be stored is committed at its end, before anything is sent, or by a thread;
///   then what is told of it is sent in a later turn.
/// - A slot is not given to a new connection before the machine knows that the old one is closed.
final class EventLoop {
    enum State {
        case serving
        case stopping(deadline: Int64)
    }

    let signals: Signals
    let limits: ServerLimits
    let log: Log
    let listener: Listener
    let listenerToken: Poller.Token
    let signalsToken: Poller.Token
    let input = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ServerLimits.readSize,
        alignment: 64
    )
    /// The same for connections that speak for many; `nil` while there has been none.
    private var wide: UnsafeMutableRawBufferPointer?

    /// Whether the machine wants to know the time.
    let tellsTime: Bool
    let store: ServerStore?
    let helpers: ServerHelpers?
    let storeToken: Poller.Token?
    let passwordsToken: Poller.Token?
    let lookUpsToken: Poller.Token?
    /// Whether what clients say may stand in the log.
    let hidesInput: Bool

    var server: any ChatServer
    var effects = EffectBuffer()
    var clock = ServerClock()
    /// When the machine wants to be told the time, whatever happens.
    var wakesAt: Int64?
    var poller: Poller
    var looks = LookHabit()
    var front = BusyFront()
    var state = State.serving
    /// By slot, which is the index of the poller's token.
    var connections: [Connection?] = []
    var connectionCount = 0
    var nextGeneration: UInt32 = 0
    /// Connections that are being made, by the index of the poller's token.
    var attempts: [Int: ConnectAttempt] = [:]
    var attemptPlaces: [ConnectTicket: Int] = [:]
    /// Attempts that failed at once, of which the machine has not been told.
    var failedAttempts: [ConnectTicket] = []
    /// Work on passwords that was refused at once, of which the machine has not been told.
    var refusedPasswords: [PasswordTicket] = []
    /// What was looked up, of which the machine has not been told.
    var found: [ServerHelpers.LookUpResult] = []
    /// How many of the connections the server has made.
    var outgoingCount = 0
    /// Until when the listener rests, as there are no descriptors; `nil` when it listens.
    var restsUntil: Int64?
    /// Those whose queues have become empty, of which the machine has not been told.
    var sent: [ConnectionID] = []
    var dirty: [Connection] = []
    /// Those who have room for what has waited, in the order in which they are sent a share of it.
    var waitingForShare: [Connection] = []
    /// How much of what has waited may still be sent in this turn.
    var sharesLeft = ServerLimits.shares
    var resuming: [Connection] = []
    var doomed: [(connection: Connection, reason: CloseReason)] = []
    /// In the order of their deadlines, as all linger for the same time.
    var lingering: [Connection] = []

    init(
        listener: Listener,
        signals: Signals,
        server: any ChatServer,
        tellsTime: Bool = false,
        store: ServerStore? = nil,
        helpers: ServerHelpers? = nil,
        hidesInput: Bool = false,
        limits: ServerLimits,
        log: Log
    ) throws(SystemCallError) {
        self.signals = signals
        self.tellsTime = tellsTime
        self.store = store
        self.helpers = helpers
        self.hidesInput = hidesInput
        self.limits = limits
        self.log = log
        self.listener = listener
        self.server = server
        var poller = Poller()
        listenerToken = poller.add(listener.descriptor, .readable)
        signalsToken = poller.add(signals.descriptor, .readable)
        storeToken = store?.descriptor.map { poller.add($0, .readable) }
        passwordsToken = helpers?.passwords.map { poller.add($0.descriptor, .readable) }
        lookUpsToken = helpers?.lookUps.map { poller.add($0.descriptor, .readable) }
        self.poller = poller
    }

    deinit {
        input.deallocate()
        wide?.deallocate()
    }

    /// Where what a connection that speaks for many says is read to.
    var wideInput: UnsafeMutableRawBufferPointer {
        if let wide { return wide }
        let new = UnsafeMutableRawBufferPointer.allocate(
            byteCount: ServerLimits.wideReadSize,
            alignment: 64
        )
        wide = new
        return new
    }

    /// Serves until a signal asks to stop and everything has been sent, or time is up.
    func run() throws(SystemCallError) {
        log.writeWaiting()
        tellAddress()
        while !isDone { try turn() }
        helpers?.end()
        store?.finish()
        log.write(.info, "stopped")
        log.end()
    }

    /// One turn: what is ready is served, what that caused is sent.
    func turn() throws(SystemCallError) {
        let count = try readyCount()
        tellTime(somethingHappens: count > 0 || hasWork)
        sharesLeft = ServerLimits.shares
        for index in 0..<count {
            serve(poller.ready(index), place: index)
        }
        sendShares()
        tellSent()
        resumePending()
        tellFailedAttempts()
        tellLookUps()
        tellRefusedPasswords()
        commitWrites()
        flushDirty()
        meetDeadlines()
        log.writeWaiting()
    }

    private func serve(_ readiness: Readiness, place: Int) {
        if readiness.token == listenerToken { return acceptAll(place: place) }
        if readiness.token == signalsToken { return takeSignals() }
        if isNews(readiness.token) { return bringForward(readiness.token, place: place) }
        if let attempt = attempts[readiness.token.index] { return proceed(attempt) }
        // One that was closed earlier in this turn is no longer there.
        guard let connection = connection(at: readiness.token) else { return }
        bringForward(readiness.token, place: place)
        if readiness.isWritable, connection.waiting > 0 { putOff(connection) }
        if readiness.isReadable, !connection.isDoomed {
            read(connection, isHangUp: readiness.isHangUp)
        }
        if readiness.isPeerFinished { endPausedInput(of: connection) }
        closeDoomed()
    }

    func connection(at token: Poller.Token) -> Connection? {
        token.index < connections.count ? connections[token.index] : nil
    }

    /// The connection that the machine means; `nil` if it is gone.
    func connection(_ id: ConnectionID) -> Connection? {
        let slot = Int(id.slot)
        guard slot < connections.count, let connection = connections[slot] else { return nil }
        return connection.id == id ? connection : nil
    }

    private func takeSignals() {
        while let signal = try? signals.next() {
            log.write(.info, "\(signal): stopping")
            stop()
        }
    }

    /// Whether a token is that of a thread's news, which are told in the course of the turn.
    private func isNews(_ token: Poller.Token) -> Bool {
        if token == storeToken { tellOutcomes() }
        if token == passwordsToken { tellPasswords() }
        if token == lookUpsToken { takeLookUps() }
        return token == storeToken || token == passwordsToken || token == lookUpsToken
    }

    private var isDone: Bool {
        switch state {
        case .serving: false
        case .stopping(let deadline): connectionCount == 0 || MonotonicClock.now >= deadline
        }
    }
}
