// SPDX-License-Identifier: Apache-2.0

import Arguments

/// When the next segment of a connection may leave (`--pace`).
enum Pace: Hashable, Sendable, CustomStringConvertible {
    /// When the server is seen to have taken the one before; where that cannot be seen, after
    /// `standardPause`.
    case drained
    /// After so many nanoseconds.
    case pause(Int64)

    /// Long enough for a server in the neighbourhood to be scheduled and read.
    static let standardPause: Int64 = 1_000_000

    static let expected = "drained, or " + DurationText.expected

    init?(parsing text: String) {
        if text == "drained" {
            self = .drained
        } else if let duration = DurationText.parse(text) {
            self = .pause(duration.nanoseconds)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .drained: "drained"
        case .pause(let nanoseconds): "\(nanoseconds / 1_000_000)ms"
        }
    }
}

extension Duration {
    /// Whole nanoseconds; exact for all that `DurationText` reads.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
