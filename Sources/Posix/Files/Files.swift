// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A file or directory that could not be used; names it.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let cause: SystemCallError

    /// Reads like `specs/x.json: No such file or directory (ENOENT)`.
    package var description: String { "\(path): \(cause.reason)" }

    /// Takes the code from `errno`.
    init(_ path: String, _ call: String) {
        self.init(path, SystemCallError(call: call))
    }

    init(_ path: String, _ cause: SystemCallError) {
        self.path = path
        self.cause = cause
    }
}

/// Whole files and directories.
package enum Files {
    /// All bytes of a file.
    ///
    /// Fails with `EFBIG` if there are more than `limit`.
    /// The corresponding C functions are `open` and `read`.
    package static func read(
        _ path: String,
        limit: Int = 1 << 30
    ) throws(FileError) -> [UInt8] {
        let number = retryingOnInterrupt { cshim_open_read(path) }
        guard number >= 0 else { throw FileError(path, "open") }
        let file = Descriptor(owning: number)
        var store = ByteStore()
        do throws(SystemCallError) {
            while case .processed(let count) = try file.read(into: store.room(for: 4096)) {
                store.commit(count)
                guard store.count <= limit else { throw SystemCallError(call: "read", code: EFBIG) }
            }
        } catch {
            throw FileError(path, error)
        }
        return [UInt8](store.bytes)
    }

    /// Writes a file so that a reader sees the old contents or the new, never a part.
    ///
    /// Writes a file beside it and renames it. The corresponding C functions are `open`, `write` and
    /// `rename`; there is no `fsync`, as nothing of ours must outlive a power cut.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let temporary = "\(path).\(getpid())-\(MonotonicClock.now).tmp"
        let number = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw FileError(path, "open") }
        let file = Descriptor(owning: number)
        do throws(SystemCallError) {
            guard try Output.write(bytes, to: file.number) == .written else {
                throw SystemCallError(call: "write", code: EIO)
            }
            try checked("rename") { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw FileError(path, error)
        }
    }

    /// Makes an empty file that only its owner may read and write, where there is none.
    ///
    /// One that is there is left as it is. The corresponding C function is `open`.
    package static func makePrivate(_ path: String) throws(FileError) {
        let number = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard number >= 0 else { throw FileError(path, "open") }
        _ = Descriptor(owning: number)
    }

    /// Makes sure that files can be made in a directory, which is made where it is not there.
    ///
    /// The corresponding C function is `access`.
    package static func prepareDirectory(_ path: String) throws(FileError) {
        try makeDirectories(path)
        guard isDirectory(path) else {
            throw FileError(path, SystemCallError(call: "mkdir", code: ENOTDIR))
        }
        guard access(path, W_OK | X_OK) == 0 else { throw FileError(path, "access") }
    }

    /// Whether there is something of this name (`access`).
    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether this is a directory, or a link to one (`stat`).
    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
