// SPDX-License-Identifier: Apache-2.0

/// Text that names no cut plan.
package struct CutPlanError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case unknownName(suggestion: String?)
        case argumentMissing(usage: String)
        case argumentUnexpected(plan: String)
        case wrongArgument(String, usage: String)
    }

    /// The whole text as it was given.
    package var text: String
    package var reason: Reason

    /// One sentence: what is wrong, and what would be right.
    package var description: String {
        let shown = ByteEscaping.quoted(text.utf8)
        switch reason {
        case .unknownName(let suggestion?):
            return "\(shown) is no cut plan: did you mean \(suggestion)? \(Self.possible)"
        case .unknownName(nil):
            return "\(shown) is no cut plan. \(Self.possible)"
        case .argumentMissing(let usage):
            return "\(shown) lacks its argument: \(usage)"
        case .argumentUnexpected(let plan):
            return "\(shown): \(plan) takes no argument; write just \(plan)"
        case .wrongArgument(let argument, let usage):
            return "\(shown): \(ByteEscaping.quoted(argument.utf8)) is not possible here: \(usage)"
        }
    }

    private static var possible: String {
        "Plans are whole, bytes, every:N, at:N,..., straddle[:N], coalesce:N, "
            + "parts:N, random:SEED[:MIN-MAX], utf8, escape, tokens and delimiter; "
            + "families are pairs, straddles and edges"
    }
}
