// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix

/// Runs one plan over sockets: performs what the interpreter asks, tells it what happened.
///
/// Rules:
/// - Each turn reads at most one buffer of each connection and then looks at the clock, so a
///   server that floods keeps no timer from firing.
/// - What an action brings about at once is told after all actions before it were performed; the
///   interpreter is never called while it works.
/// - After the interpreter's end nothing is performed any more.
final class SocketWorld {
    let setting: WorldSetting
    /// Where the first server is.
    private(set) var address: SocketAddress
    /// The servers that we have started, in the order of the plan.
    let servers: [LaunchedServer]
    /// Starts servers again, where we have started this one.
    private let launcher: ServerLauncher?
    private(set) var interpreter: Interpreter
    /// The interpreter's, which never changes: what is read of it here need not be copied.
    let plan: Plan
    var links: [SocketLink]
    var ports: [ListenerID: SocketPort] = [:]
    /// Our own failure, such as a lack of descriptors: not the server's doing.
    var failure: SystemCallError?

    private let began = MonotonicClock.now
    private var events: [WorldEvent] = []
    private var isTelling = false
    /// Servers whose end was told.
    private var toldEnds: Set<ServerID> = []
    /// Where the scenario has laid out its servers itself.
    private let stage: Stage?
    private var receivedBytes = 0
    private var reads = 0
    private var backoff = Backoff()
    private(set) var starved = StarvedTime(at: MonotonicClock.now)
    /// The latest deadline that was waited for.
    private var lastDeadline = Int64.min
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    /// `server` is the process behind `address`, where we started it.
    init(
        _ interpreter: Interpreter, at address: SocketAddress, server: LaunchedServer? = nil,
        launcher: ServerLauncher? = nil, stage: Stage? = nil, setting: WorldSetting
    ) {
        self.interpreter = interpreter
        self.address = address
        servers = stage?.servers ?? [server].compactMap { $0 }
        self.stage = stage
        self.launcher = launcher
        self.setting = setting
        plan = interpreter.plan
        links = plan.links.indices.map { SocketLink(LinkID($0)) }
    }

    deinit { buffer.deallocate() }

    /// The first server, where we have started it.
    var server: LaunchedServer? { servers.first }

    func server(_ id: ServerID) -> LaunchedServer? {
        servers.indices.contains(id.index) ? servers[id.index] : nil
    }

    /// Where a connection goes to.
    func address(of link: SocketLink) -> SocketAddress {
        plan.server(of: link.id).flatMap { server($0)?.address } ?? address
    }

    /// Our ends of the connections that we have opened.
    var ourEnds: [LinkID: SocketAddress] {
        links.filter { !$0.isAccepted }.reduce(into: [:]) { $0[$1.id] = $1.ours }
    }

    /// Both ends of the connections that a server opened, or that went to another than the first.
    var acceptedEnds: [LinkID: AcceptedEnds] {
        links.reduce(into: [:]) { ends, link in
            let isElsewhere = (plan.server(of: link.id) ?? .main) != .main
            guard link.isAccepted || isElsewhere, let ours = link.ours, let theirs = link.theirs
            else { return }
            ends[link.id] = AcceptedEnds(ours: ours, theirs: theirs)
        }
    }

    /// Nanoseconds since the scenario began, without those in which the server was starved.
    var now: Int64 { MonotonicClock.now - began - starved.total }

    /// Runs the plan to its end; to be called once, and followed by `abandon` or `takeLeave`.
    ///
    /// Throws what is our own failure.
    func run() throws(SystemCallError) {
        ports = stage?.ports ?? [:]
        for (name, value) in stage?.known ?? [] {
            interpreter.handle(.learned(name, value), at: now)
        }
        interpreter.start()
        perform(interpreter.takeActions())
        tellQueued()
        while !interpreter.isFinished {
            if let failure { throw failure }
            if setting.interruption.isRequested { return interpreter.abort(.interrupted, at: now) }
            if isFlooded { return interpreter.abort(.flooded(bytes: receivedBytes), at: now) }
            if try setting.loop.turn(nanoseconds: nextPause()) {
                backoff.reset()
            } else if starved.wantsFirstLook(at: MonotonicClock.now), let look = processorWait {
                starved.add(look, at: MonotonicClock.now)
            }
            lookForTaken()
            tellServerEnd()
            if isLate { tell(.timePassed) }
        }
    }

    /// How much the servers have run and waited to run; `nil` where none is ours.
    private var processorWait: ProcessorWait? {
        servers.reduce(nil) { sum, server in server.processorWait.added(to: sum) }
    }

    /// Whether a deadline has passed, without the time in which the server was starved.
    private var isLate: Bool {
        interpreter.nextDeadline.map(hasPassed) ?? false
    }

    private func hasPassed(_ deadline: Int64) -> Bool {
        guard now >= deadline else { return false }
        guard let look = processorWait else { return true }
        starved.add(look, at: MonotonicClock.now)
        return now >= deadline
    }

    private var isFlooded: Bool {
        links.contains { $0.bytesReceived > setting.limits.received }
            || receivedBytes > setting.limits.receivedByAll
            || reads + interpreter.transcript.messages.count > setting.limits.pieces
    }

    /// How long nothing has to be done unless a descriptor becomes ready.
    private func nextPause() -> Int64? {
        var pause = Int64.max
        if let deadline = interpreter.nextDeadline {
            // A deadline that stays in the past although it was told must not cost a processor.
            let isStale = deadline <= lastDeadline
            pause = max(deadline - now, isStale ? 1_000_000 : 0)
            lastDeadline = max(deadline, lastDeadline)
        }
        if !servers.isEmpty, starved.needsFirstLook {
            pause = min(pause, StarvedTime.pauseBeforeFirstLook)
        }
        if links.contains(where: { $0.awaitedSince != nil }) { pause = min(pause, backoff.next()) }
        return pause == .max ? nil : pause
    }

    // MARK: What is told

    func tell(_ event: WorldEvent) {
        events.append(event)
        tellQueued()
    }

    private func tellQueued() {
        guard !isTelling else { return }
        isTelling = true
        defer { isTelling = false }
        var next = 0
        starved.pass(to: MonotonicClock.now) { processorWait }
        while next < events.count, !interpreter.isFinished {
            interpreter.handle(events[next], at: now)
            next += 1
            perform(interpreter.takeActions())
        }
        events.removeAll(keepingCapacity: true)
    }

    private func perform(_ actions: [WorldAction]) {
        for action in actions where !interpreter.isFinished { perform(action) }
    }

    /// Starts the server again; its connections end with it.
    func restartServer(_ id: ServerID) {
        guard let server = server(id), let launcher else {
            return tell(.restarted(.undecided("it was not started by the runner")))
        }
        do throws(LaunchFailure) {
            try launcher.restart(server, staysThere: stage != nil)
            if id == .main { address = server.address }
            toldEnds.remove(id)
            tell(.restarted(nil))
        } catch {
            tell(.restarted(error.ofRestart))
        }
    }

    func tellServerEnd() {
        for (index, server) in servers.enumerated() {
            guard let termination = server.termination, toldEnds.insert(ServerID(index)).inserted
            else { continue }
            // Also after the interpreter's end: it belongs into the transcript.
            interpreter.handle(
                .serverEnded(termination.description, of: ServerID(index)), at: now)
            perform(interpreter.takeActions())
            tellQueued()
        }
    }

    /// Reads once what the server has sent.
    func receive(_ link: SocketLink, from socket: Socket) {
        switch try? socket.receive(into: buffer) {
        case .processed(let count):
            receivedBytes += count
            link.bytesReceived += count
            reads += 1
            tell(.received(link.id, [UInt8](buffer[..<count])))
        case .wouldBlock: break
        case .endOfStream: end(link, .fin)
        // Other errors (ETIMEDOUT, EHOSTUNREACH) end a connection no more orderly than a reset.
        case .reset, nil: end(link, .reset)
        }
    }

    func end(_ link: SocketLink, _ kind: EndKind) {
        guard !link.hasEnded else { return }
        link.hasEnded = true
        watch(link)
        tell(.ended(link.id, kind))
    }

    // MARK: What was taken

    private func lookForTaken() {
        for link in links {
            guard let since = link.awaitedSince, let proof = proof(link, since) else { continue }
            link.awaitedSince = nil
            backoff.reset()
            tell(.taken(link.id, proof))
        }
    }

    private func proof(_ link: SocketLink, _ since: Int64) -> TakenProof? {
        func assumed(after pause: Int64) -> TakenProof? { now - since >= pause ? .assumed : nil }
        guard let ours = link.ours, let theirs = link.theirs else { return .gone }
        switch setting.pace {
        case .pause(let pause): return assumed(after: pause)
        case .acked: return link.isAcknowledged ? .assumed : nil
        case .drained:
            switch setting.watch.serverEnd(ours: ours, theirs: theirs, of: link.socket) {
            case .open(let end):
                if end.hasTaken(link.bytesSent) { return .proven }
                // A server may leave what comes there until it has something to say.
                guard link.isAccepted, interpreter.isRelayed(link.id) else { return nil }
                let patience = 10 * interpreter.timing.quietWindow
                return hasPassed(since + patience) ? .assumed : nil
            case .gone: return .gone
            case .hidden: return link.isAcknowledged ? assumed(after: Pace.standardPause) : nil
            }
        }
    }
}
