// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The files that a process and its descendants have to do with, from `/proc`.
package struct ProcessFiles: Equatable, Sendable {
    /// Files that are open for writing.
    package private(set) var written: Set<String> = []
    /// Directories in which they work.
    package private(set) var workingDirectories: Set<String> = []

    /// Asks the kernel; what may not be seen is left out.
    init(ofTree process: Int32) {
        var waiting = [process]
        var seen: Set<Int32> = []
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted else { continue }
            if let directory = Self.target(of: "/proc/\(next)/cwd") {
                workingDirectories.insert(directory)
            }
            for number in ProcessTable.numbers(in: "/proc/\(next)/fd") { add(number, of: next) }
            waiting += ProcessTable.children(of: next)
        }
    }

    private mutating func add(_ number: Int32, of process: Int32) {
        guard let info = ProcessTable.contents("/proc/\(process)/fdinfo/\(number)"),
            Self.isForWriting(info), let path = Self.target(of: "/proc/\(process)/fd/\(number)"),
            Files.status(of: path)?.isRegular == true
        else { return }
        written.insert(path)
    }

    /// From the line `flags:`, in octal, of proc_pid_fdinfo(5).
    private static func isForWriting(_ info: [UInt8]) -> Bool {
        for line in info.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
            guard words.count == 2, words[0].elementsEqual("flags:".utf8) else { continue }
            let flags = Int32(String(decoding: words[1], as: UTF8.self), radix: 8) ?? 0
            return flags & O_ACCMODE != O_RDONLY
        }
        return false
    }

    /// Where a link of `/proc` leads (`readlink`).
    private static func target(of link: String) -> String? {
        var target = [CChar](repeating: 0, count: 4096)
        let length = readlink(link, &target, target.count)
        guard length > 0, target[0] == CChar(UInt8(ascii: "/")) else { return nil }
        return String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Child {
    /// The files that it and its descendants have to do with now.
    package var files: ProcessFiles { ProcessFiles(ofTree: processID) }
}
