// SPDX-License-Identifier: Apache-2.0

/// How the messages of one connection are written in segments.
///
/// All programs share this one syntax:
///
/// ```text
/// whole                    nothing is cut
/// bytes                    one byte a segment
/// every:N                  N bytes a segment
/// at:1,199  at:-1          at these offsets of each message; negative ones count from its end
/// straddle  straddle:K     a message and half of (K bytes of) the next one, then the rest
/// coalesce:N               N messages a segment
/// parts:N                  each message in N, one after the other in each way that there is
/// random:SEED[:MIN-MAX]    segments of MIN to MAX bytes (1-64), the same ones for the same seed
/// utf8                     inside each character of several bytes
/// escape                   inside each JSON escape
/// tokens                   inside each key, string, word and number of JSON, and in all that
///                          `utf8` and `escape` cut
/// delimiter                a byte before and after each edge: of messages, of their content
/// ```
package enum CutPlan: Hashable, Sendable {
    case whole
    case bytes
    case every(Int)
    case at([Int])
    /// How many bytes of the second message go with the first; `nil` is half of them.
    case straddle(Int?)
    case coalesce(Int)
    /// Into how many segments each message is cut: two to `largestParts`.
    case parts(Int)
    case random(seed: UInt64, sizes: ClosedRange<Int>)
    case utf8
    case escape
    case tokens
    case delimiter
}

extension CutPlan {
    /// The sizes of random segments where the plan names none.
    package static let defaultRandomSizes = 1...64

    /// How many consecutive messages of one connection the plan wants written as one run of bytes.
    ///
    /// 1 where each message goes out by itself. Who sends joins no more messages than these, and
    /// only such as have no waiting step between them.
    package var joinedMessages: Int {
        switch self {
        case .straddle: 2
        case .coalesce(let count): count
        case .whole, .bytes, .every, .at, .parts, .random, .utf8, .escape, .tokens, .delimiter: 1
        }
    }
}

extension CutPlan: CustomStringConvertible {
    /// The plan in its syntax: `CutPlan(parsing: plan.description)` is the plan.
    package var description: String {
        switch self {
        case .whole: "whole"
        case .bytes: "bytes"
        case .every(let size): "every:\(size)"
        case .at(let offsets): "at:" + offsets.map(String.init).joined(separator: ",")
        case .straddle(nil): "straddle"
        case .straddle(let depth?): "straddle:\(depth)"
        case .coalesce(let count): "coalesce:\(count)"
        case .parts(let count): "parts:\(count)"
        case .random(let seed, Self.defaultRandomSizes): "random:\(seed)"
        case .random(let seed, let sizes):
            "random:\(seed):\(sizes.lowerBound)-\(sizes.upperBound)"
        case .utf8: "utf8"
        case .escape: "escape"
        case .tokens: "tokens"
        case .delimiter: "delimiter"
        }
    }
}
