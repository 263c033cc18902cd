// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

extension Files {
    /// The names in a directory, sorted by their bytes, without `.` and `..`.
    ///
    /// Names that are not UTF-8 come repaired and cannot be opened.
    /// The corresponding C functions are `opendir` and `readdir`.
    package static func entries(of path: String) throws(FileError) -> [String] {
        guard let directory = opendir(path) else { throw FileError(path, "opendir") }
        defer { closedir(directory) }
        return names(in: directory).map { String(decoding: $0, as: UTF8.self) }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// As bytes, since a name need not be UTF-8.
    static func names(in directory: OpaquePointer) -> [[UInt8]] {
        var names: [[UInt8]] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { [UInt8]($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names
    }

    /// Makes a directory and all above it; those that exist are fine (`mkdir`).
    package static func makeDirectories(_ path: String) throws(FileError) {
        var end = path.utf8.startIndex
        while end != path.utf8.endIndex {
            let start = path.utf8.index(after: end)
            end = path.utf8[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
            let part = String(path[..<end])
            guard mkdir(part, 0o777) != 0 else { continue }
            let code = errno
            guard isDirectory(part) else {
                throw FileError(part, SystemCallError(call: "mkdir", code: code))
            }
        }
    }

    /// Makes a new directory for this user alone, in `TMPDIR` or `/tmp` (`mkdtemp`).
    ///
    /// With `inMemory` it is in `/dev/shm` where `TMPDIR` is not set and there is room: for what
    /// need not outlive the machine, but is written to a disk again and again (`fsync`).
    package static func makeTemporaryDirectory(
        prefix: String, inMemory: Bool = false
    ) throws(FileError) -> String {
        let given = Environment.value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 }
        let parent = given ?? (inMemory && hasRoom(sharedMemory) ? sharedMemory : "/tmp")
        var template = Array("\(parent)/\(prefix).XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw FileError(parent, "mkdtemp") }
        return made
    }

    private static let sharedMemory = "/dev/shm"
    /// Containers often have 64 MiB there, which a server's files could use up.
    private static let leastRoom: UInt64 = 1 << 30

    /// Whether we may write there, and much (`statvfs`).
    private static func hasRoom(_ directory: String) -> Bool {
        var facts = statvfs()
        guard access(directory, W_OK) == 0, statvfs(directory, &facts) == 0 else { return false }
        let (room, isMore) = UInt64(facts.f_bavail)
            .multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return isMore || room >= leastRoom
    }

    /// Our working directory (`getcwd`).
    package static func currentDirectory() throws(FileError) -> String {
        guard let text = getcwd(nil, 0) else { throw FileError(".", "getcwd") }
        defer { free(text) }
        return String(cString: text)
    }

    /// Where our own program lies (`readlink` of `/proc/self/exe`).
    package static func executablePath() throws(FileError) -> String {
        let link = "/proc/self/exe"
        guard let text = realpath(link, nil) else { throw FileError(link, "realpath") }
        defer { free(text) }
        return String(cString: text)
    }
}
