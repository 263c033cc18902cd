// SPDX-License-Identifier: Apache-2.0

/// Durations, counted in buckets whose width grows with them: 32 for each doubling, so a
/// percentile is at most 3 % too great.
struct LatencyHistogram: Sendable {
    private static let bits = 5
    private static let perDoubling = 1 << bits
    private var counts = [UInt64](repeating: 0, count: (65 - bits) * perDoubling)
    private(set) var total: UInt64 = 0
    private(set) var longest: Int64 = 0
    private(set) var shortest = Int64.max

    /// Nanoseconds; negative ones count as 0.
    @inline(__always)
    mutating func add(_ duration: Int64) {
        let duration = max(0, duration)
        counts[Self.bucket(of: UInt64(duration))] += 1
        total += 1
        longest = max(longest, duration)
        shortest = min(shortest, duration)
    }

    /// The duration that so many of all (0 to 1) do not pass; 0 where there are none.
    func percentile(_ share: Double) -> Int64 {
        guard total > 0 else { return 0 }
        let wanted = max(1, UInt64((share * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, count) in counts.enumerated() where count > 0 {
            seen += count
            if seen >= wanted { return min(longest, Self.upperEnd(of: bucket)) }
        }
        return longest
    }

    /// How many durations lie between doublings: from `start` to below `2 * start`, without the
    /// empty ones at both ends.
    var doublings: [(start: Int64, count: UInt64)] {
        var rows: [(start: Int64, count: UInt64)] = []
        for (bucket, count) in counts.enumerated() {
            let start = Self.start(ofDoublingWith: bucket)
            if rows.last?.start == start {
                rows[rows.count - 1].count += count
            } else {
                rows.append((start, count))
            }
        }
        while rows.last?.count == 0 { rows.removeLast() }
        return Array(rows.drop { $0.count == 0 })
    }

    /// The buckets that are not empty: the greatest duration of each, and how many there are.
    var buckets: [(upTo: Int64, count: UInt64)] {
        counts.enumerated().filter { $0.element > 0 }.map { (Self.upperEnd(of: $0), $1) }
    }

    @inline(__always)
    private static func bucket(of value: UInt64) -> Int {
        guard value >= UInt64(perDoubling) else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        let fraction = Int(truncatingIfNeeded: value >> (exponent - bits)) - perDoubling
        return (exponent - bits + 1) * perDoubling + fraction
    }

    private static func upperEnd(of bucket: Int) -> Int64 {
        guard bucket >= perDoubling else { return Int64(bucket) }
        let shift = bucket / perDoubling - 1
        let end = UInt64(bucket % perDoubling + perDoubling + 1) << shift - 1
        return Int64(clamping: end)
    }

    private static func start(ofDoublingWith bucket: Int) -> Int64 {
        guard bucket >= perDoubling else { return 0 }
        return Int64(clamping: UInt64(perDoubling) << UInt64(bucket / perDoubling - 1))
    }
}
