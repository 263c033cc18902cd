// SPDX-License-Identifier: Apache-2.0

package import Specs

/// How much of a protocol a run has touched.
package struct Coverage: Equatable, Sendable {
    package struct RequirementCoverage: Equatable, Sendable {
        package var requirement: Requirement
        /// The worst verdict of the scenarios that cover it; `nil` where none was run.
        package var verdict: Verdict?
        package var scenarios: [String]
    }

    package struct FormCoverage: Equatable, Sendable {
        package var direction: Direction
        package var form: String
        package var count: Int
    }

    package struct StateCoverage: Equatable, Sendable {
        package var state: String
        package var direction: Direction
        package var form: String
        package var count: Int
    }

    package struct CutCoverage: Equatable, Sendable {
        /// The form that was cut; `nil`: bytes that are no whole message.
        package var form: String?
        package var planned: Int
        package var proven: Int
        /// The offsets, behind whose byte a cut was seen to arrive.
        package var offsets: [ClosedRange<Int>]
        /// Offsets that were cut, and never seen to arrive as a cut.
        package var unproven: [ClosedRange<Int>]
        /// Bytes of the longest message of the form that was sent; 0 where there is no form.
        package var longest = 0
    }

    package var requirements: [RequirementCoverage]
    package var forms: [FormCoverage]
    package var states: [StateCoverage]
    package var cuts: [CutCoverage]

    /// Requirements that count: those that are not excluded.
    package var tested: (covered: Int, all: Int) {
        let counting = requirements.filter { $0.requirement.excluded == nil }
        return (counting.count { $0.verdict != nil && $0.verdict != .skipped }, counting.count)
    }
}
