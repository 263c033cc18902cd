// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// The files that a launched server has written: into the directory that it was given, into the one
/// that it works in, and wherever else it has one open for writing.
///
/// Rules:
/// - Below its own directory every file counts.
/// - In the directory that it works in, which others use as well, those count that were written to
///   since its start; directories in there are not entered.
/// - One that it wrote elsewhere and has closed again is not seen.
enum ServerFiles {
    /// Bytes of one file that are looked through.
    private static let limit = 64 << 20

    /// Where which of these texts stands, byte for byte.
    static func search(_ server: LaunchedServer?, for texts: [[UInt8]]) -> SearchedFiles {
        var files = SearchedFiles(count: 0, found: [])
        guard let server else { return files }
        let own = ownPaths(of: server)
        for path in own.union(neighbours(of: server)).sorted() {
            guard let bytes = try? Files.read(path, limit: limit) else { continue }
            if own.contains(path) { files.count += 1 }
            for (number, text) in texts.enumerated() where bytes.holds(text) {
                files.found.append(FoundText(text: number, file: name(of: path)))
            }
        }
        files.found.sort { ($0.text, $0.file) < ($1.text, $1.file) }
        return files
    }

    /// Files that are certainly its own.
    private static func ownPaths(of server: LaunchedServer) -> Set<String> {
        let open = server.traces.written.filter { Files.status(of: $0)?.isRegular == true }
        return open.union(server.directory.map(files(below:)) ?? [])
    }

    /// Files that somebody wrote, since its start, where it works.
    private static func neighbours(of server: LaunchedServer) -> [String] {
        let traces = server.traces
        return traces.workingDirectories.flatMap { directory in
            ((try? Files.entries(of: directory)) ?? []).map { PathText.join(directory, $0) }
        }.filter { path in
            guard let status = Files.status(of: path) else { return false }
            return status.isRegular && status.modified >= traces.began
        }
    }

    private static func files(below directory: String) -> [String] {
        var found: [String] = []
        var pending = [directory]
        while let path = pending.popLast() {
            if Files.isDirectory(path) {
                let names = (try? Files.entries(of: path)) ?? []
                pending += names.map { PathText.join(path, $0) }
            } else if Files.status(of: path)?.isRegular == true {
                found.append(path)
            }
        }
        return found
    }

    private static func name(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/"))
            .map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }
}

/// What a server was seen to write, and where it works.
struct ServerTraces {
    private(set) var written: Set<String> = []
    private(set) var workingDirectories: Set<String> = []
    /// When it was started for the first time, in nanoseconds since the epoch.
    let began: Int64

    /// The kernel's times of files may lag behind the clock by a tick.
    private static let tick: Int64 = 20_000_000

    /// `directory` is where it is started; ours where none is named.
    init(startedIn directory: String?) {
        began = WallClock.now.sinceEpoch - Self.tick
        if let directory = directory ?? (try? Files.currentDirectory()) {
            workingDirectories = [directory]
        }
    }

    mutating func add(_ files: ProcessFiles) {
        written.formUnion(files.written)
        workingDirectories.formUnion(files.workingDirectories)
    }
}

extension Signal {
    init(_ signal: ServerSignal) {
        self =
            switch signal {
            case .interrupt: .interrupt
            case .terminate: .terminate
            case .kill: .kill
            }
    }
}

extension [UInt8] {
    /// Whether the other bytes stand somewhere in these, in a row.
    fileprivate func holds(_ text: [UInt8]) -> Bool {
        guard let first = text.first, text.count <= count else { return false }
        return withUnsafeBufferPointer { bytes in
            (0...bytes.count - text.count).contains { start in
                bytes[start] == first
                    && bytes[start..<start + text.count].elementsEqual(text)
            }
        }
    }
}
