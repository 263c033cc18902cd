// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel says of a file (`stat`).
package struct FileStatus: Equatable, Sendable {
    /// It is a file with contents: no directory, pipe or device.
    package let isRegular: Bool
    /// When it was written to last, in nanoseconds since the epoch.
    package let modified: Int64
}

extension Files {
    /// `nil` where there is none of this name.
    package static func status(of path: String) -> FileStatus? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let (seconds, isTooGreat) = Int64(status.st_mtim.tv_sec)
            .multipliedReportingOverflow(by: 1_000_000_000)
        return FileStatus(
            isRegular: status.st_mode & S_IFMT == S_IFREG,
            modified: isTooGreat ? .max : seconds &+ Int64(status.st_mtim.tv_nsec))
    }
}
