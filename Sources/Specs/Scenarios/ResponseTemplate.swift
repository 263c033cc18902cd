// SPDX-License-Identifier: Apache-2.0

/// What a peer does by itself whenever a message of a kind comes.
package struct ResponseTemplate: Equatable, Sendable {
    package enum Deed: Equatable, Sendable {
        case send([ContentListElement])
        case sendBytes([ByteChunk])
        case close
        case reset
    }

    package var to: PatternTemplate
    package var deed: Deed
    /// How long it waits before it does so, in nanoseconds.
    package var after: Int64
    /// Whether the message is left to the steps, too.
    package var collects: Bool
    /// After so many it does so no more.
    package var times: Int?
}
