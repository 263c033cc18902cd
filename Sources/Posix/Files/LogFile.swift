// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file that grows at its end and can be read anywhere.
package final class LogFile {
    package let path: String
    private let file: Descriptor
    /// Bytes written so far.
    package private(set) var count = 0

    /// Makes the file, or empties it.
    ///
    /// The corresponding C function is `open`.
    package init(creating path: String) throws(FileError) {
        self.path = path
        let number = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw FileError(path, "open") }
        file = Descriptor(owning: number)
    }

    /// A file without a name in `folder`, which is gone with its owner.
    ///
    /// The corresponding C functions are `open` and `unlink`.
    package init(unnamedIn folder: String) throws(FileError) {
        path = folder
        let name = "\(folder)/.\(getpid())-\(MonotonicClock.now).tmp"
        let number = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw FileError(folder, "open") }
        unlink(name)
        file = Descriptor(owning: number)
    }

    /// Writes at the end; where that began.
    @discardableResult
    package func append(_ bytes: [UInt8]) throws(FileError) -> Int {
        do throws(SystemCallError) {
            guard try Output.write(bytes, to: file.number) == .written else {
                throw SystemCallError(call: "write", code: EIO)
            }
        } catch {
            throw FileError(path, error)
        }
        defer { count += bytes.count }
        return count
    }

    /// So many bytes from an offset on; fewer where the file ends before.
    ///
    /// The corresponding C function is `pread`.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return retryingOnInterrupt {
                    pread(file.number, rest.baseAddress, rest.count, offset + done)
                }
            }
            guard got >= 0 else { throw FileError(path, "pread") }
            if got == 0 { break }
            done += got
        }
        return Array(bytes.prefix(done))
    }
}
