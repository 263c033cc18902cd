// SPDX-License-Identifier: Apache-2.0

import Posix

/// One direction of a proxied connection.
///
///     flowing ──▶ draining (its end has come in, bytes are on their way) ──▶ finished
///        └────────────┴──▶ broken (nobody takes them any more)
///
/// Rules:
/// - Everything that was read leaves before the end does, in order.
/// - A reset waits for that no longer than `resetPatience`: who resets a connection is gone, whether
///   the other side reads or not.
final class ProxyDirection {
    enum Phase: Equatable {
        case flowing
        case draining(since: Int64)
        case finished
        case broken
    }

    let route: ProxyRoute
    private let source: ProxyEnd
    private let target: ProxyEnd
    private let writer: any StreamWriter
    private var input: RouteInput
    private var timer: FlushTimer
    /// Since when it is looked whether the last segment was taken, and when to look again.
    private var lookingSince: Int64?
    private var nextLook: Int64 = 0
    private var hasEndedWriter = false
    private var flushes = 0
    private var missed = 0
    private(set) var phase = Phase.flowing
    /// The kernel takes no more.
    private(set) var waitsForRoom = false

    static let resetPatience: Int64 = 1_000_000_000

    init(
        _ route: ProxyRoute, from source: ProxyEnd, to target: ProxyEnd, _ writer: any StreamWriter,
        input: RouteInput, flush: Int64
    ) {
        self.route = route
        self.source = source
        self.target = target
        self.writer = writer
        self.input = input
        timer = FlushTimer(patience: flush)
        // An end that is injected after no bytes at all.
        if input.end != nil { phase = .draining(since: MonotonicClock.now) }
    }

    /// Whether to read: what comes behind an injected end is read and thrown away.
    var wantsInput: Bool {
        switch phase {
        case .flowing: input.takesMore && (input.isDelayed || writer.takesMore)
        case .draining, .finished: input.end == .injectedFin && !source.hasEnded
        case .broken: false
        }
    }

    /// The end, and how many bytes came before it; `nil` while it is open.
    var end: (kind: RouteEnd, offset: Int)? { input.end.map { ($0, input.count) } }

    /// Where segments end, as decided since this was last asked.
    func takeRecord() -> CutRecord {
        let record = writer.takeRecord()
        flushes += record.flushes.count
        missed += record.missed.count
        return record
    }

    var tally: RouteTally {
        var cuts = writer.tally
        cuts.planned -= writer.waitingCuts
        return RouteTally(
            bytes: writer.bytesSent, untaken: max(0, input.count - writer.bytesSent), cuts: cuts,
            flushes: flushes, missed: missed)
    }

    // MARK: In

    /// Reads once, at most a buffer full, and no more than the writer has an appetite for.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws(SystemCallError) {
        let part = buffer[..<min(buffer.count, writer.appetite)]
        switch try source.socket.receive(into: UnsafeMutableRawBufferPointer(rebasing: part)) {
        case .processed(let count):
            try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        case .wouldBlock: break
        case .endOfStream: finish(source.isReset ? .reset : .fin)
        case .reset: finish(.reset)
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) {
        let now = MonotonicClock.now
        let taken = UnsafeRawBufferPointer(rebasing: bytes[..<input.take(bytes.count, now)])
        if input.isDelayed {
            input.hold([UInt8](taken), now)
        } else {
            try write(taken, now)
        }
        if input.end != nil, phase == .flowing { phase = .draining(since: now) }
    }

    private func finish(_ end: RouteEnd) {
        let now = MonotonicClock.now
        source.hasEnded = true
        if end == .reset { source.isReset = true }
        input.finish(end, now)
        if phase == .flowing { phase = .draining(since: now) }
    }

    /// The other side of the source's connection is gone: what still comes is its last words.
    func expectReset() {
        source.isReset = true
        input.turnIntoReset()
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ now: Int64) throws(SystemCallError) {
        try writer.append(bytes)
        timer.update(isHolding: writer.isHolding, hasLetGo: !writer.takesMore, now)
    }

    // MARK: Out

    /// Does what can be done now; says what to wait for.
    func advance(
        _ now: Int64, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemCallError) -> ProxyWaits {
        var waits = ProxyWaits()
        if source.isHungUp, wantsInput {
            try read(buffer)
            waits.hasMoved = true
            // The poller no longer tells of it, also where this direction has ended before it did.
            waits.looks = wantsInput
        }
        guard phase == .flowing || isDraining else { return waits }
        try moveDue(now)
        if now >= nextLook { try advanceWriter(now, &waits) }
        if now < nextLook { waits.at(nextLook) }
        settle(now, &waits)
        return waits
    }

    private func advanceWriter(_ now: Int64, _ waits: inout ProxyWaits) throws(SystemCallError) {
        let segments = writer.tally.segments
        var looks = false
        while true {
            switch try writer.advance() {
            case .reset: phase = .broken
            case .room: waitsForRoom = true
            case .look: looks = true
            case .time(let moment): waits.at(moment)
            case .nothing:
                if flushIsDue(now) { continue }
            }
            break
        }
        let hasMoved = writer.tally.segments > segments
        waits.hasMoved = waits.hasMoved || hasMoved
        if !looks || hasMoved { lookingSince = nil }
        guard looks else { return }
        let since = lookingSince ?? now
        lookingSince = since
        let pause = Self.pause(afterLookingFor: now - since)
        if pause == 0 { waits.looks = true } else { nextLook = now + pause }
    }

    /// How long not to look, after looking for so long.
    ///
    /// Who is slow is looked at less and less often, so that others, and the receiver itself, have
    /// the processor; that makes no wait longer by more than a part.
    static func pause(afterLookingFor time: Int64) -> Int64 {
        let pause = min(time / 16, 20_000_000)
        return pause < 10_000 ? 0 : pause
    }

    private var isDraining: Bool {
        switch phase {
        case .draining: true
        case .flowing, .finished, .broken: false
        }
    }

    private func moveDue(_ now: Int64) throws(SystemCallError) {
        waitsForRoom = false
        while writer.takesMore, let bytes = input.takeDue(now) {
            let result = bytes.withUnsafeBytes { bytes in
                Result { () throws(SystemCallError) in try write(bytes, now) }
            }
            try result.get()
        }
        guard isDraining, !hasEndedWriter, input.hasEnded(now) else { return }
        hasEndedWriter = true
        writer.end()
    }

    /// Only when all that could leave has left: who is slow to take waits for no clock.
    private func flushIsDue(_ now: Int64) -> Bool {
        guard writer.isHolding, let due = timer.due, now >= due else { return false }
        writer.flush()
        timer.update(isHolding: false, hasLetGo: true, now)
        return true
    }

    private func settle(_ now: Int64, _ waits: inout ProxyWaits) {
        if writer.isHolding, writer.takesMore, let due = timer.due { waits.at(due) }
        if !hasEndedWriter, let moment = input.nextMoment, writer.takesMore { waits.at(moment) }
        if source.isHungUp { awaitLastWords(now, &waits) }
        guard case .draining(let since) = phase else { return }
        if hasEndedWriter, hasAllLeft { return phase = .finished }
        guard let end = input.end, end.isReset else { return }
        let limit = since &+ Self.resetPatience
        if now >= limit { return phase = .finished }
        waits.at(limit)
        if hasEndedWriter, writer.takesMore { waits.looks = true }
    }

    /// What a source that is gone has left is read as there is room for it, where it was reset not
    /// for ever.
    private func awaitLastWords(_ now: Int64, _ waits: inout ProxyWaits) {
        if wantsInput { waits.looks = true }
        guard source.failedAt > 0, phase == .flowing else { return }
        let limit = source.failedAt &+ Self.resetPatience
        guard now >= limit else { return waits.at(limit) }
        finish(.reset)
        phase = .finished
    }

    /// A reset would overtake what the peer's machine has not got; an end in order does not.
    private var hasAllLeft: Bool {
        guard let end = input.end, !end.isReset else { return writer.isDone }
        return writer is StraightWriter ? writer.takesMore : writer.isDone
    }
}
