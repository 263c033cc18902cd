// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// The files that a launched server has written into the directory that it was given.
enum ServerFiles {
    /// Bytes of one file that are looked through.
    private static let limit = 64 << 20

    /// Where which of these texts stands, byte for byte, in any file below the directory.
    static func search(_ directory: String?, for texts: [[UInt8]]) -> SearchedFiles {
        var files = SearchedFiles(count: 0, found: [])
        var pending = directory.map { [$0] } ?? []
        while let path = pending.popLast() {
            if Files.isDirectory(path) {
                let names = (try? Files.entries(of: path)) ?? []
                pending += names.map { PathText.join(path, $0) }
            } else if let bytes = try? Files.read(path, limit: limit) {
                files.count += 1
                for (number, text) in texts.enumerated() where bytes.holds(text) {
                    files.found.append(FoundText(text: number, file: name(of: path)))
                }
            }
        }
        files.found.sort { ($0.text, $0.file) < ($1.text, $1.file) }
        return files
    }

    private static func name(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/"))
            .map { String(path[path.utf8.index(after: $0)...]) } ?? path
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
