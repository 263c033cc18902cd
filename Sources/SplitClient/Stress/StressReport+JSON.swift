// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText

/// The report for programs.
extension StressReport {
    static let schemaVersion = 1

    /// One JSON object, indented, with a line feed behind it.
    ///
    /// Times are in nanoseconds. The seed is a string: it may be greater than numbers of JSON
    /// readers are exact.
    var json: [UInt8] {
        var writer = JSONWriter(style: .pretty)
        writer.object { object in
            object.member("schemaVersion", Self.schemaVersion)
            object.member("protocol", chat.rawValue)
            object.member("server", server)
            object.member("connections", connections)
            object.member("groups", groups)
            object.member("messagesEach", messages)
            object.member("seed", String(seed))
            object.member("interrupted", isInterrupted)
            object.member("replay", replay)
            if let failure { object.member("failure", failure) }
            object.member("sent", sent)
            object.member("expectedDeliveries", expected)
            object.member("deliveries", arrived)
            object.member("foreignTexts", foreign)
            object.member("nanoseconds", Int(duration))
            object.member("messagesPerSecond", rate(sent))
            object.member("deliveriesPerSecond", rate(arrived))
            object.object("latency") { write(latency, to: &$0) }
            object.object("cuts") { cuts in
                cuts.member("plan", plan.map(\.description) ?? "none")
                cuts.member("segments", self.cuts.segments)
                cuts.member("planned", self.cuts.planned)
                cuts.member("proven", self.cuts.proven)
            }
            object.object("wrong") { wrong in
                for kind in StressFinding.Kind.allCases where !kind.isWarning {
                    wrong.member(kind.rawValue, counts[kind] ?? 0)
                }
            }
            object.object("warnings") { warnings in
                for kind in StressFinding.Kind.allCases where kind.isWarning {
                    warnings.member(kind.rawValue, counts[kind] ?? 0)
                }
            }
            object.array("findings") { array in
                for detail in details { array.object { write(detail, to: &$0) } }
            }
        }
        return writer.bytes + [0x0A]
    }

    private func write(_ latency: LatencyHistogram, to object: inout JSONObjectWriter) {
        object.member("count", Int(clamping: latency.total))
        let shares: [(String, Double)] = [
            ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999),
        ]
        for (name, share) in shares { object.member(name, Int(latency.percentile(share))) }
        object.member("max", Int(latency.longest))
        object.array("histogram") { array in
            for bucket in latency.buckets {
                array.object { row in
                    row.member("upTo", Int(bucket.upTo))
                    row.member("count", Int(clamping: bucket.count))
                }
            }
        }
    }

    private func write(_ detail: Detail, to object: inout JSONObjectWriter) {
        object.member("kind", detail.finding.kind.rawValue)
        object.member("sender", detail.sender)
        if let sequence = detail.finding.sequence { object.member("message", sequence + 1) }
        if let receiver = detail.receiver { object.member("receiver", receiver) }
        object.array("cuts") { array in
            for cut in detail.cuts { array.value(cut) }
        }
        if let behind = detail.behind { object.member("behind", behind) }
        if let came = detail.finding.came {
            object.member("came", ByteEscaping.escape(came))
        }
    }
}
