// SPDX-License-Identifier: Apache-2.0

/// A set of cut plans: a scenario runs once for each member.
package enum CutFamily: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// Every cut of a message in two.
    case pairs
    /// A message and every beginning of the next one, then the rest.
    case straddles
    /// The few cuts that find most mistakes.
    case edges

    package var description: String { rawValue }

    /// The plans, for messages of up to `longestMessage` bytes; never none.
    ///
    /// Where the messages are too short to be cut so, the one member is `whole`.
    package func members(longestMessage: Int) -> [CutPlan] {
        let inside = Array(stride(from: 1, to: longestMessage, by: 1))
        let members: [CutPlan] =
            switch self {
            case .pairs: inside.map { .at([$0]) }
            case .straddles: inside.map { .straddle($0) }
            case .edges: Self.telling
            }
        return members.isEmpty ? [.whole] : members
    }

    private static let telling: [CutPlan] = [
        .at([1]), .at([-1]), .straddle(nil), .straddle(1), .straddle(-1), .coalesce(2),
        .delimiter, .utf8, .escape,
    ]
}

/// What `--split` and a scenario's `split` name: one plan, or a family of them.
package enum SplitSelection: Hashable, Sendable, CustomStringConvertible {
    case plan(CutPlan)
    case family(CutFamily)

    /// Reads the name of a family, or a plan in its syntax.
    ///
    /// Throws `CutPlanError`, which says what would be right.
    package init(parsing text: String) throws(CutPlanError) {
        if let family = CutFamily(rawValue: text) {
            self = .family(family)
        } else {
            self = .plan(try CutPlan(parsing: text, orFamily: true))
        }
    }

    package var description: String {
        switch self {
        case .plan(let plan): plan.description
        case .family(let family): family.description
        }
    }

    /// The plans to run under, for messages of up to `longestMessage` bytes; never none.
    package func plans(longestMessage: Int) -> [CutPlan] {
        switch self {
        case .plan(let plan): [plan]
        case .family(let family): family.members(longestMessage: longestMessage)
        }
    }
}
