// SPDX-License-Identifier: Apache-2.0

/// The packets that were recorded and may still be wanted, in the order in which they came.
///
/// Bounded: when more come than it may hold, the oldest go, and it knows until when some have gone.
package struct PacketStore: Sendable {
    /// Packets that the kernel lost, at some time between two looks at its count.
    private struct Loss {
        var times: ClosedRange<Int64>
        var count: UInt64
    }

    private let limit: Int
    private var packets: [RecordedPacket] = []
    /// How many at the front have been forgotten.
    private var forgotten = 0
    private var size = 0
    private var losses: [Loss] = []
    private var lastLook: (time: Int64, dropped: UInt64)
    /// Until when packets were let go that may have been wanted.
    private var overflow = Int64.min
    /// When the latest packet was recorded.
    package private(set) var latest = Int64.min

    /// What a packet costs beside its bytes.
    private static let overhead = 96

    /// Holds so many bytes; `time` is when the recording began.
    package init(limit: Int, began time: Int64) {
        self.limit = limit
        lastLook = (time, 0)
    }

    package mutating func add(_ packet: RecordedPacket) {
        packets.append(packet)
        size += packet.bytes.count + Self.overhead
        latest = max(latest, packet.time)
        while size > limit, forgotten < packets.count {
            overflow = max(overflow, packets[forgotten].time)
            forgetFirst()
        }
        compact()
    }

    /// Lets go what was recorded before a time, in nanoseconds since 1970.
    package mutating func forget(before time: Int64) {
        while forgotten < packets.count, packets[forgotten].time < time { forgetFirst() }
        losses.removeAll { $0.times.upperBound < time }
        compact()
    }

    private mutating func forgetFirst() {
        size -= packets[forgotten].bytes.count + Self.overhead
        packets[forgotten].bytes = []
        forgotten += 1
    }

    private mutating func compact() {
        guard forgotten > 1024, forgotten > packets.count / 2 else { return }
        packets.removeFirst(forgotten)
        forgotten = 0
    }

    /// Notes how many packets the kernel has lost since the recording began.
    package mutating func note(dropped: UInt64, at time: Int64) {
        if dropped > lastLook.dropped {
            let times = min(lastLook.time, time)...time
            losses.append(Loss(times: times, count: dropped - lastLook.dropped))
        }
        lastLook = (time, dropped)
    }

    /// What was recorded between two times.
    package func packets(_ times: ClosedRange<Int64>) -> [RecordedPacket] {
        packets[forgotten...].filter { times.contains($0.time) }
    }

    /// Packets that the kernel lost, perhaps between two times.
    package func lost(_ times: ClosedRange<Int64>) -> UInt64 {
        losses.reduce(0) { $1.times.overlaps(times) ? $0 + $1.count : $0 }
    }

    /// Whether some from between two times have been let go for want of room.
    package func hasOverflown(_ times: ClosedRange<Int64>) -> Bool {
        times.lowerBound <= overflow
    }

    /// How much is held, in bytes.
    package var held: Int { size }
}
