// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// What the plans of `conformance split` are counted by.
package enum SplitFamily: String, CaseIterable, Hashable, Sendable {
    /// Many segments, or small ones: byte by byte, two bytes each, a few at random, three parts.
    case pieces
    /// Cuts that look at the content: its edges, characters, escapes, tokens.
    case content
    /// Messages joined whole: each number of neighbours that a case has.
    case coalesced
    /// Each message in two: every offset.
    case pairs
    /// A message and every beginning of the next one, then the rest.
    case straddles

    /// The family that a plan is counted in.
    package init(of plan: CutPlan) {
        self =
            switch plan {
            case .whole, .bytes, .every, .parts, .random: .pieces
            case .utf8, .escape, .tokens, .delimiter: .content
            case .coalesce: .coalesced
            case .at: .pairs
            case .straddle: .straddles
            }
    }
}
