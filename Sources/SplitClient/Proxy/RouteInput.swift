// SPDX-License-Identifier: Apache-2.0

/// What comes in for one direction: counted, delayed, and ended where an end is injected.
///
///     open ──▶ ended (by its source, or after the bytes that were asked for)
///
/// Rules:
/// - What comes leaves `delay` later, in order; so does the end.
/// - Behind the end nothing is taken any more.
/// - At most `limit` bytes and one block wait; with a delay that bounds the rate, too.
struct RouteInput {
    private let delay: Int64
    private let injection: Injection?
    private var waiting: [(due: Int64, bytes: [UInt8])] = []
    /// The first block that has not left.
    private var next = 0
    private var waitingBytes = 0
    /// How many bytes have been taken in.
    private(set) var count = 0
    private(set) var end: RouteEnd?
    private var endDue: Int64 = 0

    /// So much may wait for its time.
    static let limit = 1 << 20

    init(delay: Int64, injection: Injection?, now: Int64 = 0) {
        self.delay = delay
        self.injection = injection
        if let injection, injection.offset == 0 { finish(injection.end, now) }
    }

    var takesMore: Bool { end == nil && waitingBytes < Self.limit }
    var isDelayed: Bool { delay > 0 }

    /// How many of so many bytes that have come are taken; the rest is thrown away.
    mutating func take(_ bytes: Int, _ now: Int64) -> Int {
        guard end == nil else { return 0 }
        guard let injection, injection.offset - count <= bytes else {
            count += bytes
            return bytes
        }
        defer { count = injection.offset }
        finish(injection.end, now)
        return injection.offset - count
    }

    /// Keeps bytes that were taken until their time has come.
    mutating func hold(_ bytes: [UInt8], _ now: Int64) {
        guard !bytes.isEmpty else { return }
        waiting.append((now &+ delay, bytes))
        waitingBytes += bytes.count
    }

    /// The source has ended; only the first end counts.
    mutating func finish(_ end: RouteEnd, _ now: Int64) {
        guard self.end == nil else { return }
        self.end = end
        endDue = now &+ delay
    }

    /// The end becomes a reset, since the other side was seen to be gone.
    mutating func turnIntoReset() {
        if end == .fin { end = .reset }
    }

    /// The next block whose time has come.
    mutating func takeDue(_ now: Int64) -> [UInt8]? {
        guard next < waiting.count, waiting[next].due <= now else { return nil }
        let bytes = waiting[next].bytes
        waiting[next].bytes = []
        next += 1
        waitingBytes -= bytes.count
        if 2 * next >= waiting.count {
            waiting.removeFirst(next)
            next = 0
        }
        return bytes
    }

    /// Whether all has left, the end included.
    func hasEnded(_ now: Int64) -> Bool {
        end != nil && next == waiting.count && endDue <= now
    }

    /// When there is something to do; `nil` where nothing waits.
    var nextMoment: Int64? {
        if next < waiting.count { return waiting[next].due }
        return end == nil ? nil : endDue
    }
}

/// When what is held has waited long enough.
///
/// The time runs from the moment when it began to be held. Whoever let something go meanwhile holds
/// what has come since.
struct FlushTimer {
    private let patience: Int64
    private var since: Int64?

    init(patience: Int64) { self.patience = patience }

    mutating func update(isHolding: Bool, hasLetGo: Bool, _ now: Int64) {
        guard isHolding else { return since = nil }
        if since == nil || hasLetGo { since = now }
    }

    /// When to let go; `nil` where nothing is held.
    var due: Int64? { since.map { $0 &+ patience } }
}
