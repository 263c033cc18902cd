// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// Many connections between clients and one server, in one thread on `poll(2)`.
///
/// Rules:
/// - What goes wrong on one connection ends that one, and no other.
/// - A connection is looked at when its sockets say something, and for as long as it waits for what
///   nothing announces: a segment to be taken, time to pass.
/// - Where descriptors run out, nobody is accepted until a connection ends, or for a while.
final class ProxyRun {
    enum Owner {
        case nobody
        case listener
        case signals
        case end(ProxyConnection, ProxyRoute)
    }

    let options: ProxyOptions
    /// Where the server may be; never none.
    let addresses: [SocketAddress]
    let listener: Listener
    let signals: Signals?
    let replay: CutReplay?
    let complain: (String) -> Void
    /// Most connections at once, as far as descriptors go.
    let mostAtOnce: Int
    var log: CutLog?

    var poller = Poller()
    var owners: [Owner] = []
    let listenerToken: Poller.Token
    var open: [Int: ProxyConnection] = [:]
    var active: [ProxyConnection] = []
    var accepted = 0
    /// Nobody is accepted before this moment.
    var restsUntil: Int64?
    /// The last time that the lack of descriptors was told.
    var toldOfRest: Int64?
    var isInterrupted = false
    var hasFailed = false
    var tally = ProxyTally()
    /// Shared by the connections, each of which has seen something else.
    let watch = TakenWatch()
    /// One server, many clients, of which one says nothing of the next.
    let serverReading = PartReading()
    var looks = LookPace()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    /// Segments of a few connections leave one after the other for so long before sockets are asked
    /// again: with a thousand of them asking costs more than a segment.
    static let stretch: Int64 = 300_000

    init(
        _ options: ProxyOptions, to addresses: [SocketAddress], on listener: Listener,
        signals: Signals?, replay: CutReplay?, log: CutLog?, mostAtOnce: Int,
        complain: @escaping (String) -> Void
    ) {
        self.options = options
        self.addresses = addresses
        self.listener = listener
        self.signals = signals
        self.replay = replay
        self.log = log
        self.mostAtOnce = mostAtOnce
        self.complain = complain
        listenerToken = poller.add(listener.descriptor, .readable)
        own(listenerToken, .listener)
        if let signals { own(poller.add(signals.descriptor, .readable), .signals) }
    }

    deinit { buffer.deallocate() }

    /// Runs until a signal comes, or the last of the connections that were asked for is over.
    func run() throws(SystemCallError) {
        while !isInterrupted, !isComplete { try turn() }
        for connection in open.values.sorted(by: { $0.number < $1.number }) {
            end(connection, nil)
        }
        keepingLog { log throws(FileError) in try log.finish() }
    }

    private var isComplete: Bool {
        guard let wanted = options.connections else { return false }
        return accepted >= wanted && open.isEmpty
    }

    func own(_ token: Poller.Token, _ owner: Owner) {
        while owners.count <= token.index { owners.append(.nobody) }
        owners[token.index] = owner
    }

    // MARK: One turn

    private func turn() throws(SystemCallError) {
        let pause = advanceActive()
        if isComplete { return }
        var count = try poller.pollNow()
        if count == 0, pause != 0 { count = try poller.wait(nanoseconds: pause) }
        if count > 0 { looks.noteMove() }
        for index in 0..<count {
            let ready = poller.ready(index)
            switch owners[ready.token.index] {
            case .nobody: break
            case .listener: acceptAll()
            case .signals: isInterrupted = true
            case .end(let connection, let side): serve(connection, side, ready)
            }
        }
        if let restsUntil, MonotonicClock.now >= restsUntil { endRest() }
    }

    private func serve(_ connection: ProxyConnection, _ side: ProxyRoute, _ ready: Readiness) {
        do throws(SystemCallError) {
            if case .connecting(let attempt) = connection.state, side == .back {
                try settle(connection, attempt)
            } else {
                try connection.serve(side, ready, buffer)
            }
            activate(connection)
        } catch {
            drop(connection, error)
        }
    }

    func activate(_ connection: ProxyConnection) {
        guard !connection.isActive else { return }
        connection.isActive = true
        active.append(connection)
    }
}
