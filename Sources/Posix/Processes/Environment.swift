// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Our environment.
package enum Environment {
    /// A variable's value, or `nil` if it is not set (`getenv`).
    package static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The environment of a child: ours with `additions`, and the marker.
    static func entries(adding additions: [String: String], _ marker: ChildMarker) -> [[UInt8]] {
        var replaced = Set(additions.keys.map { Array($0.utf8) })
        replaced.insert(Array(ChildMarker.name.utf8))
        let kept = own().filter { entry in
            !replaced.contains(Array(entry.prefix { $0 != UInt8(ascii: "=") }))
        }
        let added = additions.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) }
        return [marker.entry] + kept + added
    }

    /// As bytes, since a value need not be UTF-8.
    private static func own() -> [[UInt8]] {
        var entries: [[UInt8]] = []
        guard var next = cshim_environment() else { return [] }
        while let entry = next.pointee {
            entries.append([UInt8](UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
            next += 1
        }
        return entries
    }
}
