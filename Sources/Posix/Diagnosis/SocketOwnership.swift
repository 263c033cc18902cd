// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether a socket belongs to a process that descends from this one.
///
/// Ports are chosen by binding and letting go, so a stranger may take one in between; who listens
/// there is then not the server that was started.
package enum SocketOwnership {
    /// Looks through `/proc/<pid>/fd` of all our descendants for the socket with this inode.
    ///
    /// A process that we may not look into counts as an owner: it is at least our descendant.
    /// `child`, one that has not been waited for, is looked into first, and at its first descriptors
    /// before all others: there most servers have their listener.
    package static func isHeldByDescendant(inode: UInt32, likely child: Int32? = nil) -> Bool {
        let link = "socket:[\(inode)]"
        if let child, (3...6).contains(where: { isLink(to: link, "/proc/\(child)/fd/\($0)") }) {
            return true
        }
        var waiting = ProcessTable.children(of: getpid())
        var seen: Set<Int32> = []
        while let process = waiting.popLast() {
            guard seen.insert(process).inserted else { continue }
            if holds(process, link) { return true }
            waiting += ProcessTable.children(of: process)
        }
        return false
    }

    private static func holds(_ process: Int32, _ link: String) -> Bool {
        let folder = "/proc/\(process)/fd"
        guard let entries = opendir(folder) else { return errno == EACCES }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let number = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if isLink(to: link, "\(folder)/\(number)") { return true }
        }
        return false
    }

    private static func isLink(to target: String, _ path: String) -> Bool {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return false }
            let length = readlink(path, start, buffer.count)
            guard length > 0 else { return false }
            return buffer.prefix(length).elementsEqual(
                target.utf8.lazy.map { CChar(bitPattern: $0) })
        }
    }
}
