// SPDX-License-Identifier: Apache-2.0

/// Whether the lines of a log can be those of one run: each direction's offsets ascend to its end.
///
/// Flushes stand in a file of their own, and are not in order with these.
struct CutLogOrder {
    private struct Direction: Hashable {
        var connection: Int
        var route: ProxyRoute
    }

    private var reached: [Direction: Int] = [:]
    private var ended: Set<Direction> = []

    /// What is impossible about the next line; `nil` where nothing is.
    mutating func fault(of line: CutLogLine) -> String? {
        let direction = Direction(connection: line.connection, route: line.route)
        switch line.event {
        case .flush, .missed, .block: return nil
        case .segment:
            if ended.contains(direction) { return "a segment behind the end of its direction" }
        case .end: ended.insert(direction)
        }
        let before = reached[direction] ?? 0
        guard line.offset >= before else {
            return "offset \(line.offset) stands behind \(before); they ascend in each direction"
        }
        reached[direction] = line.offset
        return nil
    }
}
