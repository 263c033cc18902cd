// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// What a log says of one direction of one connection.
struct ReplayedRoute: Equatable {
    /// Where its segments ended, ascending, each once.
    var ends: [Int] = []
    var injection: Injection?
}

/// A log of cuts, read to cut in the same places again.
struct CutReplay: Equatable {
    private var routes: [Place: ReplayedRoute] = [:]

    private struct Place: Hashable {
        var connection: Int
        var goesBack: Bool

        init(_ connection: Int, _ route: ProxyRoute) {
            self.connection = connection
            goesBack = route == .back
        }
    }

    subscript(connection: Int, route: ProxyRoute) -> ReplayedRoute? {
        routes[Place(connection, route)]
    }

    /// Reads a log, and the flushes beside it where there are any.
    static func read(_ path: String) throws(CutReplayError) -> CutReplay {
        let flushes = CutLog.flushPath(path)
        var lines = try lines(of: path)
        if Files.exists(flushes) { lines += try self.lines(of: flushes) }
        return CutReplay(lines)
    }

    private static func lines(of path: String) throws(CutReplayError) -> [CutLogLine] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try Files.read(path)
        } catch {
            throw CutReplayError(description: "\(error)")
        }
        return try parse(bytes, path)
    }

    /// The lines of a log; what is wrong is named with its place in `path`.
    static func parse(_ bytes: [UInt8], _ path: String) throws(CutReplayError) -> [CutLogLine] {
        let file = ByteEscaping.escape(path.utf8)
        guard bytes.starts(with: CutLogLine.header.utf8) else {
            throw CutReplayError(
                description: "\(file):1: a log of cuts begins with the line "
                    + "\"\(CutLogLine.header.dropLast())\"")
        }
        var lines: [CutLogLine] = []
        var order = CutLogOrder()
        let rows = bytes.dropFirst(CutLogLine.header.utf8.count).split(
            separator: 0x0A, omittingEmptySubsequences: false)
        for (index, row) in rows.enumerated() where index < rows.count - 1 || !row.isEmpty {
            guard let line = CutLogLine(parsing: String(decoding: row, as: UTF8.self)[...]) else {
                let shown = ByteEscaping.quoted(row)
                throw CutReplayError(
                    description: "\(file):\(index + 2): \(shown) is not possible; "
                        + "expected is \(CutLogLine.expected)")
            }
            if let fault = order.fault(of: line) {
                throw CutReplayError(description: "\(file):\(index + 2): \(fault)")
            }
            lines.append(line)
        }
        return lines
    }

    /// Segments end where the plan had them end, where time was up, and not where that was missed.
    init(_ lines: [CutLogLine]) {
        var ends: [Place: Set<Int>] = [:]
        var missed: [Place: Set<Int>] = [:]
        for line in lines {
            let place = Place(line.connection, line.route)
            switch line.event {
            case .segment, .flush, .block: ends[place, default: []].insert(line.offset)
            case .missed: missed[place, default: []].insert(line.offset)
            case .end(.injectedFin):
                routes[place, default: ReplayedRoute()].injection = Injection(
                    kind: .fin, offset: line.offset)
            case .end(.injectedReset):
                routes[place, default: ReplayedRoute()].injection = Injection(
                    kind: .reset, offset: line.offset)
            case .end(.fin), .end(.reset): break
            }
        }
        for (place, ends) in ends {
            let kept = ends.subtracting(missed[place] ?? []).filter { $0 > 0 }
            routes[place, default: ReplayedRoute()].ends = kept.sorted()
        }
    }
}

/// A log that cannot be replayed.
struct CutReplayError: Error, Equatable, CustomStringConvertible {
    var description: String
}
