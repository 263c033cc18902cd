// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What `/proc` tells about processes (proc(5)); a process that is gone tells nothing.
enum ProcessTable {
    /// The direct children of a process, of all its threads.
    static func children(of process: Int32) -> [Int32] {
        var found: [Int32] = []
        for thread in numbers(in: "/proc/\(process)/task") {
            guard let text = contents("/proc/\(process)/task/\(thread)/children") else { continue }
            found += text.split(separator: UInt8(ascii: " ")).compactMap(number)
        }
        return hasChildrenFiles ? found : childrenByScanning(of: process)
    }

    static func environment(of process: Int32) -> [UInt8] {
        contents("/proc/\(process)/environ") ?? []
    }

    /// The kernel may be built without the `children` files (`CONFIG_PROC_CHILDREN`).
    private static let hasChildrenFiles = access("/proc/thread-self/children", F_OK) == 0

    private static func childrenByScanning(of process: Int32) -> [Int32] {
        numbers(in: "/proc").filter { status(of: $0)?.parent == process }
    }

    struct Status {
        let isZombie: Bool
        let parent: Int32
        let session: Int32
    }

    /// Fields 3, 4 and 6 of `stat`, counted from the last `)` as a process may have any name.
    static func status(of process: Int32) -> Status? {
        guard let text = contents("/proc/\(process)/stat"),
            let end = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 4)
        guard fields.count > 3, let parent = number(fields[1]), let session = number(fields[3])
        else { return nil }
        let isZombie = fields[0].elementsEqual([UInt8(ascii: "Z")])
        return Status(isZombie: isZombie, parent: parent, session: session)
    }

    static func numbers(in directory: String) -> [Int32] {
        let names = try? Files.entries(of: directory)
        return (names ?? []).compactMap { Int32($0) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int32? {
        Int32(String(decoding: digits, as: UTF8.self))
    }

    static func contents(_ path: String) -> [UInt8]? {
        try? Files.read(path, limit: 1 << 20)
    }
}
