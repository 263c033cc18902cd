// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

extension Files {
    /// How deep `removeTree` goes.
    ///
    /// Each level holds a descriptor; nothing of ours, and no honest server, nests deeper.
    private static let deepestTree = 64

    /// Removes a directory with all that is in it, or a file; what does not exist is fine.
    ///
    /// Follows no symbolic link: a link is removed, never what it leads to. Fails with `ELOOP` for a
    /// tree deeper than 64 levels. The corresponding C functions are `openat` and `unlinkat`.
    package static func removeTree(_ path: String) throws(FileError) {
        do {
            try remove(Array(path.utf8), in: AT_FDCWD, depth: 0)
        } catch {
            throw FileError(path, error)
        }
    }

    private static func remove(
        _ name: [UInt8],
        in parent: Int32,
        depth: Int
    ) throws(SystemCallError) {
        let text = name.map { CChar(bitPattern: $0) } + [0]
        let code = unlinkat(parent, text, 0) == 0 ? 0 : errno
        guard code == EISDIR || code == EPERM else {
            guard code == 0 || code == ENOENT else {
                throw SystemCallError(call: "unlinkat", code: code)
            }
            return
        }
        guard depth < deepestTree else { throw SystemCallError(call: "openat", code: ELOOP) }
        try empty(text, in: parent, depth: depth)
        try checked("unlinkat") { unlinkat(parent, text, Int32(AT_REMOVEDIR)) }
    }

    private static func empty(
        _ name: [CChar],
        in parent: Int32,
        depth: Int
    ) throws(SystemCallError) {
        let number = try checked("openat") { cshim_open_directory(parent, name) }
        guard let directory = fdopendir(number) else {
            let error = SystemCallError(call: "fdopendir")
            close(number)
            throw error
        }
        defer { closedir(directory) }
        for entry in names(in: directory) { try remove(entry, in: number, depth: depth + 1) }
    }
}
