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
    package static func isHeldByDescendant(inode: UInt32) -> Bool {
        let link = "socket:[\(inode)]"
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
            var target = [CChar](repeating: 0, count: 64)
            let length = readlink("\(folder)/\(number)", &target, target.count)
            guard length > 0 else { continue }
            if target.prefix(length).elementsEqual(link.utf8.lazy.map { CChar(bitPattern: $0) }) {
                return true
            }
        }
        return false
    }
}
