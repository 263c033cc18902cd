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

    /// What an environment says about the origin of its process.
    enum Finding {
        case ours
        case another
        case none
    }

    /// Reads an environment as `/proc/<pid>/environ` shows it: entries that end with a zero.
    func finding(in environment: [UInt8]) -> Finding {
        let prefix = Array("\(ChildMarker.name)=".utf8)
        let (all, own) = (environment.split(separator: 0), entry)
        if all.contains(where: { $0.elementsEqual(own) }) { return .ours }
        return all.contains { $0.starts(with: prefix) } ? .another : .none
    }
}
