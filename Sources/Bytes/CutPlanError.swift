// SPDX-License-Identifier: Apache-2.0

/// Text that names no cut plan.
package struct CutPlanError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case unknownName(suggestion: String?)
        case argumentMissing(usage: String)
        case argumentUnexpected(plan: String)
        case wrongArgument(String, usage: String)
        /// A number beyond what plans may name.
        case tooGreat(String, limit: Int)
    }

    /// The whole text as it was given.
    package var text: String
    package var reason: Reason
    /// Whether a family of plans would have been taken, too.
    package var takesFamilies = false

    /// One sentence: what is wrong, and what would be right.
    package var description: String {
        let shown = ByteEscaping.quoted(text.utf8)
        switch reason {
        case .unknownName(let suggestion?):
            return "\(shown) is no cut plan: did you mean \(suggestion)? \(possible)"
        case .unknownName(nil):
            return "\(shown) is no cut plan. \(possible)"
        case .argumentMissing(let usage):
            return "\(shown) lacks its argument: \(usage)"
        case .argumentUnexpected(let plan):
            return "\(shown): \(plan) takes no argument; write just \(plan)"
        case .wrongArgument(let argument, let usage):
            return "\(shown): \(ByteEscaping.quoted(argument.utf8)) is not possible here: \(usage)"
        case .tooGreat(let number, let limit):
            let bound = "the numbers in a plan go up to \(limit) (1 GiB)"
            return "\(shown): \(number) is too great: \(bound)"
        }
    }

    private var possible: String {
        "Plans are whole, bytes, every:N, at:N,..., straddle[:N], coalesce:N, "
            + "parts:N, random:SEED[:MIN-MAX], utf8, escape, tokens and delimiter"
            + (takesFamilies ? "; families are pairs, straddles and edges" : "")
    }
}
