// SPDX-License-Identifier: Apache-2.0

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
    var address: SocketAddress
    /// The servers that we have started, in the order of the plan.
    let servers: [LaunchedServer]
    /// Starts servers again, where we have started this one.
    let launcher: ServerLauncher?
    var interpreter: Interpreter
    /// The interpreter's, which never changes: what is read of it here need not be copied.
    let plan: Plan
    var links: [SocketLink]
    var ports: [ListenerID: SocketPort] = [:]
    /// Our own failure, such as a lack of descriptors: not the server's doing.
    var failure: SystemCallError?

    private let began = MonotonicClock.now
    /// What has happened and is not told yet.
    var events: [WorldEvent] = []
    var isTelling = false
    /// Servers whose end was told.
    var toldEnds: Set<ServerID> = []
    /// Where the scenario has laid out its servers itself.
    let stage: Stage?
    var receivedBytes = 0
    var reads = 0
    var backoff: Backoff
    /// When the run is cut short, by the monotonic clock, also where time without a processor does
    /// not count for it; `nil`: it has all its time.
    var cutOff: Int64?
    private(set) var isCutShort = false
    var starved = StarvedTime(at: MonotonicClock.now)
    /// When to look next whether the servers read what lies unread; `nil` where nothing may.
    var nextLook: Int64?
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
        backoff = Backoff(immediate: setting.looksAtOnce)
        plan = interpreter.plan
        links = plan.links.indices.map { SocketLink(LinkID($0)) }
    }

    deinit { buffer.deallocate() }

    /// Our ends of the connections that we have opened.
    var ourEnds: [LinkID: SocketAddress] {
        links.filter { !$0.isAccepted }.reduce(into: [:]) { $0[$1.id] = $1.ours }
    }

    /// Both ends of the connections that a server opened, or that did not go to this address: to
    /// another server, or to one that was started again, at another port.
    func acceptedEnds(notAt address: SocketAddress) -> [LinkID: AcceptedEnds] {
        links.reduce(into: [:]) { ends, link in
            guard let ours = link.ours, let theirs = link.theirs,
                link.isAccepted || theirs != address
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
            if setting.interruption.isRequested || isCutOff { return cutShort() }
            if isFlooded { return interpreter.abort(.flooded(bytes: receivedBytes), at: now) }
            let isAwaiting = links.contains { $0.awaitedSince != nil }
            let pause = nextPause(isAwaiting)
            if isAwaiting, pause == 0 { try glance() } else { try wait(pause) }
            lookForReading()
            if isLate { tell(.timePassed) }
        }
    }

    /// Looks without a pause whether the server has taken what it was sent.
    ///
    /// Only with news is anything else looked at: what the server has said or ended before the next
    /// segment is written, which is most of the time nothing, and costs as much as the look.
    private func glance() throws(SystemCallError) {
        let taken = taken()
        guard !taken.isEmpty else { return }
        try setting.loop.turn(nanoseconds: 0)
        tell(taken)
        tellServerEnd()
    }

    private func wait(_ pause: Int64?) throws(SystemCallError) {
        if try setting.loop.turn(nanoseconds: pause) {
            backoff.reset()
        } else if starved.wantsFirstLook(at: MonotonicClock.now) {
            starved.add(processorWait, at: MonotonicClock.now)
        }
        tell(taken())
        tellServerEnd()
    }

    private var isCutOff: Bool { cutOff.map { MonotonicClock.now >= $0 } ?? false }

    private func cutShort() {
        isCutShort = true
        interpreter.abort(.interrupted, at: now)
    }

    /// Whether a deadline has passed, without the time in which the server or we were starved.
    private var isLate: Bool {
        interpreter.nextDeadline.map(hasPassed) ?? false
    }

    func hasPassed(_ deadline: Int64) -> Bool {
        guard now >= deadline else { return false }
        starved.add(processorWait, at: MonotonicClock.now)
        return now >= deadline
    }

    private var isFlooded: Bool {
        links.contains { $0.bytesReceived > setting.limits.received }
            || receivedBytes > setting.limits.receivedByAll
            || reads > setting.limits.reads
            || interpreter.transcript.messages.count > setting.limits.messages
    }

    /// How long nothing has to be done unless a descriptor becomes ready.
    private func nextPause(_ isAwaiting: Bool) -> Int64? {
        var pause = Int64.max
        if let deadline = interpreter.nextDeadline {
            // A deadline that stays in the past although it was told must not cost a processor.
            let isStale = deadline <= lastDeadline
            pause = max(deadline - now, isStale ? 1_000_000 : 0)
            lastDeadline = max(deadline, lastDeadline)
        }
        if starved.needsFirstLook {
            pause = min(pause, StarvedTime.pauseBeforeFirstLook)
        }
        if let nextLook { pause = min(pause, max(nextLook - now, 0)) }
        if let cutOff { pause = min(pause, max(0, cutOff - MonotonicClock.now)) }
        if isAwaiting { pause = min(pause, backoff.next()) }
        return pause == .max ? nil : pause
    }
}
