// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The environment variable that tells whose descendant a process is.
struct ChildMarker: Hashable, Sendable {
    static let name = "CHATSPEC_CHILD"
    private static let counter = Atomic<UInt64>(0)

    /// Our process id and a number: unlike that of any other child on this machine.
    let value: String

    static func next() -> ChildMarker {
        let number = counter.add(1, ordering: .relaxed).newValue
        return ChildMarker(value: "\(getpid())-\(number)")
    }

    /// The environment entry, without the terminating zero.
    var entry: [UInt8] { Array("\(ChildMarker.name)=\(value)".utf8) }

    /// Finds the marker in an environment as `/proc/<pid>/environ` shows it: entries that end with
    /// a zero.
    ///
    /// By the C library's functions, as it runs for every orphan of a server that forks wildly.
    init?(in environment: [UInt8]) {
        let prefix = "\(ChildMarker.name)="
        let length = prefix.utf8.count
        // The last entry may have been overwritten up to its zero.
        let found: String? = (environment + [0]).withUnsafeBytes { bytes in
            guard var entry = bytes.assumingMemoryBound(to: CChar.self).baseAddress else {
                return nil
            }
            let end = entry + environment.count
            while entry < end {
                if strncmp(entry, prefix, length) == 0 { return String(cString: entry + length) }
                entry += strlen(entry) + 1
            }
            return nil
        }
        guard let found else { return nil }
        self.init(value: found)
    }

    private init(value: String) {
        self.value = value
    }
}
