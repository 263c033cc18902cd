// SPDX-License-Identifier: Apache-2.0

/// When the next segment of a connection may leave (`--pace`).
package enum Pace: Hashable, Sendable, CustomStringConvertible {
    /// When the server is seen to have taken the one before; where that cannot be seen, after
    /// `standardPause`.
    case drained
    /// After so many nanoseconds.
    case pause(Int64)

    /// Long enough for a server in the neighbourhood to be scheduled and read.
    package static let standardPause: Int64 = 1_000_000

    package static let expected = "drained, or " + DurationText.expected

    package init?(parsing text: String) {
        if text == "drained" {
            self = .drained
        } else if let duration = DurationText.parse(text) {
            self = .pause(duration.nanoseconds)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .drained: "drained"
        case .pause(let nanoseconds): "\(nanoseconds / 1_000_000)ms"
        }
    }
}

extension Duration {
    /// Whole nanoseconds; exact for all that `DurationText` reads.
    package var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
