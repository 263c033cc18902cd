// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel says of a file (`stat`).
package struct FileStatus: Equatable, Sendable {
    package let kind: FileKind
    /// When it was written to last, in nanoseconds since the epoch.
    package let modified: Int64
    /// Which file it is, whatever its names.
    package let identity: FileIdentity

    /// It is a file with contents.
    package var isRegular: Bool { kind == .regular }
}

/// Two names with the same are names of one file.
package struct FileIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
}

/// What stands under a name.
package enum FileKind: String, Sendable {
    case regular = "a file"
    case directory = "a directory"
    case pipe = "a FIFO"
    case socket = "a socket"
    case device = "a device"

    init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        default: self = .device
        }
    }
}

extension Files {
    /// `nil` where there is none of this name.
    package static func status(of path: String) -> FileStatus? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let (seconds, isTooGreat) = Int64(status.st_mtim.tv_sec)
            .multipliedReportingOverflow(by: 1_000_000_000)
        return FileStatus(
            kind: FileKind(mode: status.st_mode),
            modified: isTooGreat ? .max : seconds &+ Int64(status.st_mtim.tv_nsec),
            identity: FileIdentity(
                device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    }
}
