// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Bytes that leave in one write.
struct Segment: Equatable {
    var bytes: ArraySlice<UInt8>
    /// The plan has cut here: the next segment belongs to the same run of messages.
    var endsInCut: Bool
    /// How many of the bytes up to its end belong to a message that is not whole there; where
    /// nothing says where messages end, no bound.
    var part: Int
}

/// The input on its way out: blocks in, segments out.
///
/// Rules:
/// - A plan that joins messages has them held back until there are enough of them, or the input has
///   ended, or 1 MiB is held. All others let each message go as soon as it is whole.
/// - A queue that is `timely` lets a segment go as soon as its end is known, whole message or not,
///   and all that is held when it is told to `flush`. What the plan comes to is the same: a flush
///   moves none of the later cuts. A cut that it has overtaken is missed.
/// - What has been decided is recorded for who keeps a log, in a timely queue.
struct SegmentQueue {
    private let plan: CutPlan
    private let isTimely: Bool
    /// Each block is a message: what the plan comes to depends on how the input was read.
    private let takesBlocks: Bool
    /// The cuts of an endless stream: no message ends before it does.
    private let endlessCuts: EarlyCuts?
    private var splitter: MessageSplitter
    /// Whole messages that wait for company.
    private var joining: [MessageToCut] = []
    private var joinedBytes = 0
    private var ahead = Ahead()
    private var segments: [Segment] = []
    /// The first segment that has not been taken.
    private var next = 0
    /// How many bytes of the stream have been cut so far, in whole runs of messages.
    private(set) var streamOffset = 0
    /// How many cuts the plan has made so far.
    private(set) var plannedCuts = 0
    private var record = CutRecord()

    /// What of a run of messages has left before the run was whole; offsets count from its start.
    private struct Ahead {
        var cuts: EarlyCuts?
        var bytes = 0
        /// The last of the plan's cuts that has left.
        var lastCut = 0
        var cutCount = 0
        var flushes: [Int] = []
    }

    init(plan: CutPlan, framing: Framing?, isTimely: Bool = false) {
        self.plan = plan
        self.isTimely = isTimely
        endlessCuts = nil
        takesBlocks = framing == nil
        splitter = MessageSplitter(framing)
        beginRun()
    }

    /// The whole stream is one message; behind the last cut it goes as it comes.
    init(endless cuts: EarlyCuts) {
        plan = .whole
        isTimely = true
        endlessCuts = cuts
        takesBlocks = false
        splitter = MessageSplitter(nil, isEndless: true)
        beginRun()
    }

    var isEmpty: Bool { next == segments.count }

    /// How many of the cuts have not been taken.
    var waitingCuts: Int { segments[next...].count { $0.endsInCut } }

    /// Whether what is a message depends on how much is appended at once.
    var dependsOnBlocks: Bool { takesBlocks }

    /// Whether bytes wait for others that have not come.
    var isHolding: Bool { joinedBytes + splitter.held.count > heldAhead }

    mutating func append(_ block: ArraySlice<UInt8>) {
        for message in splitter.take(block) { append(message) }
        if ahead.cuts != nil { letGoEarly() }
        if endlessCuts != nil, splitter.held.count >= MessageSplitter.longestMessage { flush() }
    }

    /// A message whose borders are known.
    mutating func append(_ message: MessageToCut) {
        joining.append(message)
        joinedBytes += message.bytes.count
        let isEnough = joining.count >= plan.joinedMessages
        if isEnough || joinedBytes >= MessageSplitter.longestMessage { release() }
    }

    /// The input has ended: nothing is held back any more.
    mutating func end() {
        if endlessCuts != nil { return endStream() }
        if let rest = splitter.takeRest() { append(rest) }
        release()
    }

    mutating func takeNext() -> Segment? {
        guard !isEmpty else { return nil }
        defer { next += 1 }
        return segments[next]
    }

    /// Lets go what waits for company.
    mutating func release() {
        guard !joining.isEmpty else { return }
        let bytes = joining.flatMap(\.bytes)
        let ends = plan.cuts(of: joining, streamOffset: streamOffset) + [bytes.count]
        var lengths = joining.map(\.bytes.count)[...]
        var (start, whole) = (ahead.bytes, 0)
        for end in ends where end > start {
            while let length = lengths.first, whole + length <= end {
                whole += length
                lengths.removeFirst()
            }
            queue(bytes[start..<end], endsInCut: end < bytes.count, part: end - whole)
            start = end
        }
        // Where the stream ends at a cut that has left already, that was one.
        plannedCuts += max(0, ends.count - 1 - ahead.cutCount)
        if isTimely { note(ends) }
        streamOffset += bytes.count
        (joining, joinedBytes) = ([], 0)
        beginRun()
    }

    private mutating func beginRun() {
        ahead = Ahead()
        guard isTimely else { return }
        ahead.cuts = endlessCuts ?? EarlyCuts(of: plan, streamOffset: streamOffset)
    }

    private mutating func queue(_ bytes: ArraySlice<UInt8>, endsInCut: Bool, part: Int) {
        if isEmpty { (segments, next) = ([], 0) }
        segments.append(Segment(bytes: bytes, endsInCut: endsInCut, part: part))
    }
}

// MARK: Before a run is whole

extension SegmentQueue {
    /// How many of the bytes that are held have left all the same.
    private var heldAhead: Int { endlessCuts == nil ? ahead.bytes : 0 }

    /// Lets all that is held go, since it has waited long enough.
    mutating func flush() {
        guard isHolding else { return }
        let held = joining.flatMap(\.bytes) + splitter.held
        leave(held[heldAhead...], endsInCut: false, part: splitter.held.count)
        record.flushes.append(streamOffset + ahead.bytes)
        ahead.flushes.append(ahead.bytes)
        if endlessCuts != nil { splitter.dropFirst(held.count) }
    }

    /// What has been decided since this was last asked.
    mutating func takeRecord() -> CutRecord {
        defer { record = CutRecord() }
        guard takesBlocks else { return record }
        return CutRecord(flushes: record.flushes, missed: record.missed, blocks: record.ends)
    }

    private mutating func letGoEarly() {
        // The bytes of the message before those that are held.
        let gone = ahead.bytes - heldAhead
        var start = heldAhead
        while let cut = ahead.cuts?.next, cut - gone <= splitter.held.count {
            leave(splitter.held[start..<cut - gone], endsInCut: true, part: cut - gone)
            start = cut - gone
            decide(cut)
            ahead.cuts?.advance()
        }
        guard endlessCuts != nil else { return }
        if ahead.cuts?.next == nil, start < splitter.held.count {
            leave(splitter.held[start...], endsInCut: false, part: splitter.held.count)
            start = splitter.held.count
        }
        splitter.dropFirst(start)
    }

    /// A copy goes: what is held still grows.
    private mutating func leave(_ bytes: ArraySlice<UInt8>, endsInCut: Bool, part: Int) {
        let part = endlessCuts == nil ? part : .max
        queue(Array(bytes)[...], endsInCut: endsInCut, part: part)
        ahead.bytes += bytes.count
    }

    private mutating func decide(_ cut: Int) {
        record.ends.append(streamOffset + cut)
        ahead.lastCut = cut
        ahead.cutCount += 1
        plannedCuts += 1
    }

    /// Notes where the segments of a whole run should have ended, and which of them did not.
    private mutating func note(_ ends: [Int]) {
        for end in ends where end > ahead.lastCut {
            record.ends.append(streamOffset + end)
            if end <= ahead.bytes, !ahead.flushes.contains(end) {
                record.missed.append(streamOffset + end)
            }
        }
    }

    private mutating func endStream() {
        let length = ahead.bytes + splitter.held.count
        if !splitter.held.isEmpty { leave(splitter.held[...], endsInCut: false, part: length) }
        if ahead.cuts?.next != nil, length > ahead.lastCut { record.ends.append(length) }
        splitter.dropFirst(splitter.held.count)
    }
}

/// Where segments end, as offsets in the stream.
struct CutRecord: Equatable {
    /// As the plan has it: the same for the same bytes, however they come.
    var ends: [Int] = []
    /// Where a segment ended because time was up.
    var flushes: [Int] = []
    /// Ends of the plan's that are none, as a flush had taken their bytes along before.
    var missed: [Int] = []
    /// As the plan has it where each block that was read is a message.
    var blocks: [Int] = []

    var isEmpty: Bool {
        ends.isEmpty && flushes.isEmpty && missed.isEmpty && blocks.isEmpty
    }
}
