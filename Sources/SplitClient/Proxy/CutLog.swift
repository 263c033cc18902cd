// SPDX-License-Identifier: Apache-2.0

import Posix

/// The log of cuts of all connections: two files, and what is not yet in its place in them.
///
/// Rules:
/// - A file has a block for each connection, in their order; in it first what goes to the server,
///   then what goes to the client. So it does not depend on who was faster.
/// - Flushes, which do depend on time, what they have overtaken, and ends that depend on how bytes
///   were read stand in a file of their own.
/// - A connection that cannot be written yet, as one before it goes on, waits in a file without a
///   name: in memory there are some kilobytes of each direction of an open connection.
final class CutLog {
    private let cuts: LogFile
    private let flushes: LogFile
    private let waiting: LogFile
    private var finished: [Int: ConnectionLog] = [:]
    private var next = 1

    /// Makes both files; those of an earlier run are gone.
    init(_ path: String) throws(FileError) {
        cuts = try LogFile(creating: path)
        flushes = try LogFile(creating: Self.flushPath(path))
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) }
        waiting = try LogFile(unnamedIn: folder.map { $0.isEmpty ? "/" : $0 } ?? ".")
        for file in [cuts, flushes] { try file.append(Array(CutLogLine.header.utf8)) }
    }

    /// Where the flushes of a log stand.
    static func flushPath(_ path: String) -> String { path + ".flushes" }

    func add(
        _ record: CutRecord, _ route: ProxyRoute, to log: inout ConnectionLog
    ) throws(FileError) {
        for offset in record.ends { try add(.segment, offset, route, to: &log) }
        for offset in record.flushes { try add(.flush, offset, route, to: &log) }
        for offset in record.missed { try add(.missed, offset, route, to: &log) }
        for offset in record.blocks { try add(.block, offset, route, to: &log) }
    }

    func add(
        _ end: RouteEnd, _ offset: Int, _ route: ProxyRoute, to log: inout ConnectionLog
    ) throws(FileError) {
        try add(.end(end), offset, route, to: &log)
    }

    private func add(
        _ event: CutLogLine.Event, _ offset: Int, _ route: ProxyRoute, to log: inout ConnectionLog
    ) throws(FileError) {
        let line = CutLogLine(
            connection: log.number, route: route, event: event, offset: offset)
        let text = Array(line.text.utf8)
        switch (event, route) {
        case (.segment, .there), (.end, .there): try log.there.append(text, waiting)
        case (.segment, .back), (.end, .back): try log.back.append(text, waiting)
        case (.flush, .there), (.missed, .there), (.block, .there):
            try log.flushesThere.append(text, waiting)
        case (.flush, .back), (.missed, .back), (.block, .back):
            try log.flushesBack.append(text, waiting)
        }
    }

    /// The connection is over: its block is written as soon as those before it are.
    func finish(_ log: ConnectionLog) throws(FileError) {
        finished[log.number] = try log.spilled(into: waiting)
        while let log = finished.removeValue(forKey: next) {
            next += 1
            try write(log)
        }
    }

    /// There will be no more: writes what waits for connections that never were.
    func finish() throws(FileError) {
        for log in finished.values.sorted(by: { $0.number < $1.number }) { try write(log) }
        finished = [:]
    }

    private func write(_ log: ConnectionLog) throws(FileError) {
        for text in [log.there, log.back] { try text.copy(from: waiting, to: cuts) }
        for text in [log.flushesThere, log.flushesBack] {
            try text.copy(from: waiting, to: flushes)
        }
    }
}

/// What a log will say of one connection.
struct ConnectionLog {
    let number: Int
    var there = SpilledText()
    var back = SpilledText()
    var flushesThere = SpilledText()
    var flushesBack = SpilledText()

    init(_ number: Int) { self.number = number }

    /// The same with nothing in memory but where it stands.
    func spilled(into file: LogFile) throws(FileError) -> ConnectionLog {
        var log = self
        try log.there.spill(into: file)
        try log.back.spill(into: file)
        try log.flushesThere.spill(into: file)
        try log.flushesBack.spill(into: file)
        return log
    }
}

/// Text of which only the end is in memory, the rest in a file.
struct SpilledText {
    private var tail: [UInt8] = []
    private var chunks: [(offset: Int, count: Int)] = []

    private static let longestTail = 4096

    mutating func append(_ bytes: [UInt8], _ file: LogFile) throws(FileError) {
        tail += bytes
        if tail.count >= Self.longestTail { try spill(into: file) }
    }

    mutating func spill(into file: LogFile) throws(FileError) {
        guard !tail.isEmpty else { return }
        chunks.append((try file.append(tail), tail.count))
        tail = []
    }

    func copy(from file: LogFile, to target: LogFile) throws(FileError) {
        for chunk in chunks {
            try target.append(try file.read(at: chunk.offset, count: chunk.count))
        }
        if !tail.isEmpty { try target.append(tail) }
    }
}
