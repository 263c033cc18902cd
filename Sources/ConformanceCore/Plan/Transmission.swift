// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Specs

/// What is written at once, and how it is cut.
package struct Transmission: Equatable, Sendable {
    package enum Piece: Equatable, Sendable {
        /// A message, which is framed.
        case message(TextPattern)
        /// Bytes as they are.
        case raw(TextPattern)
        /// Bytes `from..<to` of a message's frame; negative ones count from its end.
        case part(TextPattern, from: Int, to: Int?)
    }

    package var pieces: [Piece]
    package var split: CutPlan
}

/// What is done by itself whenever a message of a kind comes.
package struct Response: Equatable, Sendable {
    package enum Deed: Equatable, Sendable {
        case transmit(Transmission)
        case close
        case reset
    }

    package var to: Pattern
    package var deed: Deed
    /// Nanoseconds that go by before it is done.
    package var after: Int64
    /// Whether the message is left to the steps, too.
    package var collects: Bool
    package var times: Int?
}
