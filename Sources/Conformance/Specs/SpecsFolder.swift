// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix
import Specs

/// The folder `specs/`, where each protocol has a folder.
struct SpecsFolder {
    let path: String

    /// Finds it: where the user says, else in the working directory or above it, else beside the
    /// program or above it.
    ///
    /// `nil` where there is none with `protocols` in it.
    static func find(given: String?) -> SpecsFolder? {
        if let given {
            return Files.isDirectory(given) ? SpecsFolder(path: given) : nil
        }
        let starts = [
            try? Files.currentDirectory(),
            (try? Files.executablePath()).map { PathText.parent(of: $0) },
        ]
        for start in starts.compactMap({ $0 }) {
            var directory = start
            while true {
                let folder = SpecsFolder(path: PathText.join(directory, "specs"))
                if !folder.protocols.isEmpty { return folder.relative }
                guard directory != "/" else { break }
                directory = PathText.parent(of: directory)
            }
        }
        return nil
    }

    /// The protocols that it has, sorted.
    var protocols: [String] {
        ((try? Files.entries(of: path)) ?? []).filter { name in
            Files.exists(PathText.join(path, name, ProtocolFolder.documentName))
        }
    }

    func folder(of name: String) -> ProtocolFolder {
        ProtocolFolder(path: PathText.join(path, name))
    }

    /// With a path that is short to read, where it lies in the working directory.
    private var relative: SpecsFolder {
        guard let here = try? Files.currentDirectory(),
            path.utf8.starts(with: (here == "/" ? "/" : here + "/").utf8)
        else { return self }
        let rest = path.utf8.dropFirst(here == "/" ? 1 : here.utf8.count + 1)
        return SpecsFolder(path: String(Substring(rest)))
    }
}

/// One protocol's folder.
struct ProtocolFolder {
    static let documentName = "protocol.json"
    let path: String

    /// Bytes of one file: far beyond any that a person writes.
    private static let largestFile = 16 << 20

    /// Reads all files and notes every problem; `nil` where nothing can be made of them.
    func suite(log: ProblemLog) -> Suite? {
        let scenarios = PathText.join(path, "scenarios")
        var names: [String] = []
        do {
            names = try Files.entries(of: scenarios).filter {
                $0.utf8.suffix(5).elementsEqual(".json".utf8)
            }
        } catch {
            log.note(error.cause.reason, at: SourcePosition(file: scenarios))
        }
        let document = file(Self.documentName, log)
        let requirements = file("requirements.json", log)
        let files = names.compactMap { file("scenarios/\($0)", log) }
        guard let document, let requirements else { return nil }
        return SuiteFiles(document: document, requirements: requirements, scenarios: files)
            .suite(log: log)
    }

    private func file(_ name: String, _ log: ProblemLog) -> SpecFile? {
        let path = PathText.join(path, name)
        do {
            return SpecFile(path: path, bytes: try Files.read(path, limit: Self.largestFile))
        } catch {
            log.note(error.cause.reason, at: SourcePosition(file: path))
            return nil
        }
    }
}

/// Paths as text.
enum PathText {
    static func join(_ parts: String...) -> String {
        parts.dropFirst().reduce(parts.first ?? "") { path, part in
            path.isEmpty
                ? part : path.utf8.last == UInt8(ascii: "/") ? path + part : "\(path)/\(part)"
        }
    }

    /// The folder of a file, as its path is written; `.` where it names none.
    static func folder(of path: String) -> String {
        path.utf8.contains(UInt8(ascii: "/")) ? parent(of: path) : "."
    }

    /// The directory of an absolute path; the root's is the root.
    static func parent(of path: String) -> String {
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.utf8.startIndex
        return end == path.utf8.startIndex ? "/" : String(path[..<end])
    }
}
