// SPDX-License-Identifier: Apache-2.0

import Posix
import Reports

/// Why a scenario's capture is synthesised rather than recorded.
enum NotLive: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing can be recorded here.
    case unavailable(String)
    case dropped(UInt64)
    /// More passed than is held.
    case overflown
    case tooLong(bytes: Int)
    case gap(RecordingGap)

    var description: String {
        switch self {
        case .unavailable(let reason): reason
        case .dropped(let count):
            "the kernel lost \(count) packet\(count == 1 ? "" : "s") while the scenario ran"
        case .overflown: "too many packets passed to hold them all"
        case .tooLong(let bytes):
            "what was recorded is too long to be kept (\(bytes) bytes)"
        case .gap(let gap): gap.description
        }
    }
}
