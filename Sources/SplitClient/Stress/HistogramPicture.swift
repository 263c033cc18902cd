// SPDX-License-Identifier: Apache-2.0

/// A histogram of latencies as lines of text: one bar per doubling.
enum HistogramPicture {
    private static let width = 40
    /// A bar's end in eighths of a column.
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    static func lines(_ histogram: LatencyHistogram) -> [String] {
        let rows = histogram.doublings
        guard let most = rows.map(\.count).max(), most > 0 else { return [] }
        return rows.map { start, count in
            let label = "to " + StressReport.time(start == 0 ? 32 : 2 * start)
            let padding = String(repeating: " ", count: max(0, 14 - label.utf8.count))
            return "            \(padding)\(label) \(bar(count, of: most)) "
                + Counted.grouped(Int(clamping: count))
        }
    }

    /// Who is not 0 is seen.
    private static func bar(_ count: UInt64, of most: UInt64) -> String {
        guard count > 0 else { return "" }
        let length = max(1, Int(Double(count) / Double(most) * Double(8 * width)))
        return String(repeating: "█", count: length / 8) + eighths[length % 8]
    }
}
